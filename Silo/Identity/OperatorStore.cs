using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Silo.Identity;

/// <summary>What a site keeps of an operator.</summary>
/// <param name="Name">Who.</param>
/// <param name="Role">What that one may do; null for nothing, as one who was removed.</param>
/// <param name="TokenHash">See <see cref="OperatorToken.HashOf"/>; null for one that has a certificate only.</param>
/// <param name="AddedAt">Since when.</param>
/// <param name="RevokedAt">When its certificates were revoked: only those that were issued later are taken; null for never.</param>
internal sealed record OperatorRecord(string Name, OperatorRole? Role, string? TokenHash, DateTimeOffset AddedAt, DateTimeOffset? RevokedAt = null)
{
    /// <summary>Whether all that is left is since when its certificates are refused, which outlives it: a certificate lives on where it was copied to.</summary>
    [JsonIgnore]
    public bool IsRemoved => Role is null && RevokedAt is not null;

    /// <summary>Whether a certificate of this operator, by the beginning of its validity, is to be taken.</summary>
    public bool Takes(DateTimeOffset notBefore) => RevokedAt is not { } revoked || notBefore + CertificateLifetimes.ClockDifference > revoked;
}

/// <summary>The site's operators. What one silo changes, the others know within <see cref="Freshness"/>.</summary>
internal sealed class OperatorStore(IBlobStore blobs, TimeProvider time)
{
    /// <summary>How long a silo believes what it has read.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);

    private const string Container = "operators";
    private const int Remembered = 1024;

    /// <summary>The largest record, in bytes: it has a name, a hash and two times.</summary>
    private const long LargestRecord = 64 << 10;

    private const string Remedy = "restore it from a backup; without it the operator's certificates that were revoked are taken again, and 'admin' may do everything again";

    private readonly ConcurrentDictionary<string, (OperatorRecord? Record, long ReadAt)> _read = [];

    /// <summary>Adds an operator. Certificates of one who had the name before stay refused.</summary>
    /// <returns>False if there is one of this name.</returns>
    public Task<bool> Add(OperatorRecord record, CancellationToken cancellation) => Change(
        record.Name,
        current => current is null ? record
            : current.IsRemoved ? record with { RevokedAt = current.RevokedAt }
            : null,
        cancellation);

    /// <summary>Revokes the certificates that an operator has now. One without a record is the admin that came with the site, and gets one.</summary>
    /// <returns>False if there is none of this name.</returns>
    public Task<bool> Revoke(OperatorName name, bool isFirstAdmin, CancellationToken cancellation) => Change(
        name.Value,
        current => current is null && isFirstAdmin ? new(name.Value, OperatorRole.Admin, null, time.GetUtcNow(), time.GetUtcNow())
            : current is { Role: not null } ? current with { RevokedAt = time.GetUtcNow() }
            : null,
        cancellation);

    /// <summary>Takes an operator's rights away, and revokes its certificates.</summary>
    /// <returns>False if there is none of this name.</returns>
    public Task<bool> Remove(OperatorName name, CancellationToken cancellation) => Change(
        name.Value,
        current => current is null or { IsRemoved: true } ? null : new(name.Value, null, null, current.AddedAt, time.GetUtcNow()),
        cancellation);

    /// <summary>All operators, in the order of their names.</summary>
    public async Task<ImmutableArray<OperatorRecord>> List(CancellationToken cancellation)
    {
        var records = ImmutableArray.CreateBuilder<OperatorRecord>();
        await foreach (var entry in blobs.List(Container, cancellation: cancellation))
        {
            if (await blobs.ReadSmall(entry.Name, LargestRecord, Remedy, cancellation) is { } blob && Parse(entry.Name, blob) is { Role: not null } record)
            {
                records.Add(record);
            }
        }

        return records.ToImmutable();
    }

    /// <summary>An operator, also one who was removed; null if there never was one of this name.</summary>
    public async ValueTask<OperatorRecord?> Find(OperatorName name, CancellationToken cancellation)
    {
        if (_read.TryGetValue(name.Value, out var known) && time.GetElapsedTime(known.ReadAt) < Freshness)
        {
            return known.Record;
        }

        var readAt = time.GetTimestamp();
        var record = await blobs.ReadSmall(NameOf(name.Value), LargestRecord, Remedy, cancellation) is { } blob ? Parse(NameOf(name.Value), blob) : null;
        if (_read.Count >= Remembered)
        {
            _read.Clear();
        }

        _read[name.Value] = (record, readAt);
        return record;
    }

    private static BlobName NameOf(string name) => BlobName.Create(Container, $"{name}.json");

    /// <summary>What cannot be read gives nobody any rights: without a record, the admin that came with the site would have them.</summary>
    private static OperatorRecord Parse(BlobName name, BlobContent blob)
    {
        var nobody = new OperatorRecord("", null, null, default);
        try
        {
            // A file that was put under another name gives nobody that one's rights.
            return JsonSerializer.Deserialize<OperatorRecord>(blob.Bytes.Span, StateJson.Options) is { Name: not null } record && NameOf(record.Name) == name
                && (record.Role is not { } role || Enum.IsDefined(role))
                    ? record
                    : nobody;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return nobody;
        }
    }

    /// <summary>Changes what is kept of an operator; null means no change.</summary>
    /// <returns>Whether there was a change.</returns>
    private async Task<bool> Change(string name, Func<OperatorRecord?, OperatorRecord?> change, CancellationToken cancellation)
    {
        while (true)
        {
            var blob = await blobs.ReadSmall(NameOf(name), LargestRecord, Remedy, cancellation);
            if (change(blob is null ? null : Parse(NameOf(name), blob)) is not { } next)
            {
                return false;
            }

            try
            {
                await blobs.Write(NameOf(name), JsonSerializer.SerializeToUtf8Bytes(next, StateJson.Options), BlobCondition.Unchanged(blob?.ETag), cancellation);
                return true;
            }
            catch (BlobConflictException)
            {
                // Somebody else has changed it: look again.
            }
            finally
            {
                _read.TryRemove(name, out _);
            }
        }
    }
}
