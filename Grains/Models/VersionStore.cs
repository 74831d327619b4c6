using System.Globalization;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Grains.Models;

/// <summary>The records of published versions: one immutable blob each.</summary>
internal sealed class VersionStore(IBlobStore blobs)
{
    private const string Container = "models";

    /// <summary>Reads a record; null if there is none.</summary>
    /// <exception cref="BlobStoreException">What lies there is no record.</exception>
    public Task<VersionRecord?> Read(ModelVersionId id) => blobs.ReadRecord<VersionRecord>(Name(id));

    /// <summary>What is stored at a number: nothing, or what somebody left who did not live to move the head.</summary>
    /// <exception cref="BlobStoreException">What lies there is larger than any record.</exception>
    public async Task<VersionSlot> Look(ModelVersionId id)
    {
        var blob = await blobs.ReadSmall(Name(id), BlobStoreExtensions.LargestRecord);
        return new(blob?.ETag, blob?.Bytes ?? default);
    }

    /// <summary>
    /// Writes a record where nothing has changed since the look. It is written even if it is there already: whoever has looked at it before must
    /// not replace it any more.
    /// </summary>
    /// <returns>False if something has changed.</returns>
    public async Task<bool> TryWrite(VersionRecord record, VersionSlot slot)
    {
        try
        {
            await blobs.Write(Name(record.Id), Serialise(record), BlobCondition.Unchanged(slot.ETag));
            return true;
        }
        catch (BlobConflictException)
        {
            return false;
        }
    }

    /// <summary>The names of all models that have a version, in ordinal order.</summary>
    public async Task<IReadOnlyList<ModelName>> ListModels(CancellationToken cancellation)
    {
        var names = new SortedSet<ModelName>();
        await foreach (var entry in blobs.List(Container, "", cancellation))
        {
            names.Add(ModelName.Parse(entry.Name.Path.Split('/')[0]));
        }

        return [.. names];
    }

    /// <summary>The numbers of a model's records, in ascending order; the last may be of a version that is being published.</summary>
    public async Task<IReadOnlyList<int>> ListNumbers(ModelName model, CancellationToken cancellation)
    {
        var numbers = new SortedSet<int>();
        await foreach (var entry in blobs.List(Container, $"{model}/", cancellation))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(entry.Name.Path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }

        return [.. numbers];
    }

    /// <summary>Deletes the record of a version that was given up; nothing happens where there is none.</summary>
    public async Task Delete(ModelVersionId id, CancellationToken cancellation) => await blobs.Delete(Name(id), cancellation: cancellation);

    /// <summary>Whether a slot holds something else than a record.</summary>
    public static bool IsTaken(VersionSlot slot, VersionRecord record) => slot.ETag is not null && !slot.Bytes.Span.SequenceEqual(Serialise(record));

    private static byte[] Serialise(VersionRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, StateJson.Options);

    private static BlobName Name(ModelVersionId id) =>
        BlobName.Create(Container, string.Create(CultureInfo.InvariantCulture, $"{id.Model}/{id.Number:D8}.json"));
}

/// <summary>What is stored at a number.</summary>
/// <param name="ETag">Its ETag; null for nothing.</param>
/// <param name="Bytes">Its bytes.</param>
internal readonly record struct VersionSlot(string? ETag, ReadOnlyMemory<byte> Bytes);
