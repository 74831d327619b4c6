using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Grains.Audit;

/// <summary>A link of the chain: records that were written at once, and the hash of the link before.</summary>
/// <param name="Sequence">Its place in the chain, from 1.</param>
/// <param name="Previous">The <see cref="AuditHead.Hash"/> of the block before; <see cref="AuditHead.Empty"/>'s for the first.</param>
/// <param name="Records">One at least.</param>
internal sealed record AuditBlock(long Sequence, string Previous, ImmutableArray<AuditRecord> Records)
{
    /// <summary>The container of all blocks.</summary>
    public const string Container = "audit";

    private const int Digits = 12;

    /// <summary>The blob of a place in the chain; names are in the order of places.</summary>
    public static BlobName NameOf(long sequence) =>
        BlobName.Create(Container, $"{sequence.ToString(CultureInfo.InvariantCulture).PadLeft(Digits, '0')}.json");

    /// <summary>The place that a blob's name says; null if it is no block's.</summary>
    public static long? SequenceOf(BlobName name) =>
        name.Path.EndsWith(".json", StringComparison.Ordinal)
        && long.TryParse(name.Path.AsSpan(0, name.Path.Length - 5), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
        && NameOf(sequence) == name
            ? sequence
            : null;

    /// <summary>What is stored. Its hash is taken over these bytes, so it does not matter how they would be written today.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, StateJson.Options);

    /// <summary>Reads what was stored; null if it is none.</summary>
    public static AuditBlock? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditBlock>(bytes, StateJson.Options) is { Previous: not null, Records.IsDefaultOrEmpty: false } block
                && block.Records.All(record => record is { Entry: { Who: not null, What: not null } })
                    ? block
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Where a chain ends: whoever keeps this can tell later that nothing before it was changed.</summary>
/// <param name="Sequence">The last block's place; 0 for an empty chain.</param>
/// <param name="Hash">The SHA-256 of the last block's bytes, in hexadecimal.</param>
public sealed record AuditHead(long Sequence, string Hash)
{
    /// <summary>A chain without a block.</summary>
    public static AuditHead Empty { get; } = new(0, new('0', 2 * SHA256.HashSizeInBytes));

    /// <summary>The chain's end after a block of these bytes.</summary>
    internal static AuditHead After(long sequence, ReadOnlySpan<byte> bytes) => new(sequence, Convert.ToHexStringLower(SHA256.HashData(bytes)));
}
