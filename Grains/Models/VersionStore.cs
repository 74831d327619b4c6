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
    public async Task<VersionRecord?> Read(ModelVersionId id)
    {
        var blob = await blobs.Read(Name(id));
        return blob is null ? null : JsonSerializer.Deserialize<VersionRecord>(blob.Bytes.Span, StateJson.Options);
    }

    /// <summary>Whether there is a record of this number with another content.</summary>
    public async Task<bool> IsTaken(VersionRecord record) => await Read(record.Id) is { } other && !Serialise(other).AsSpan().SequenceEqual(Serialise(record));

    /// <summary>
    /// Writes a record. A record of the same number that was never published (its writer died before the head moved) is replaced.
    /// </summary>
    /// <returns>False if a record with another content was written in between.</returns>
    public async Task<bool> TryWrite(VersionRecord record)
    {
        var name = Name(record.Id);
        var bytes = Serialise(record);
        try
        {
            var orphan = await blobs.Read(name);
            if (orphan is null || !orphan.Bytes.Span.SequenceEqual(bytes))
            {
                await blobs.Write(name, bytes, BlobCondition.Unchanged(orphan?.ETag));
            }

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

    private static byte[] Serialise(VersionRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, StateJson.Options);

    private static BlobName Name(ModelVersionId id) =>
        BlobName.Create(Container, string.Create(CultureInfo.InvariantCulture, $"{id.Model}/{id.Number:D8}.json"));
}
