namespace OrleansEdge.Grains.Storage;

/// <summary>What follows from <see cref="IBlobStore"/> for every store.</summary>
public static class BlobStoreExtensions
{
    /// <summary>Whether there is a blob.</summary>
    public static async ValueTask<bool> Exists(this IBlobStore store, BlobName name, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.GetLength(name, cancellation).ConfigureAwait(false) is not null;
    }

    /// <summary>Writes a blob from a producer that appends its pieces, and returns its ETag. When the producer fails, nothing is left.</summary>
    public static async ValueTask<string> Write(
        this IBlobStore store,
        BlobName name,
        Func<IBlobWriter, CancellationToken, ValueTask> producer,
        BlobCondition condition = default,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(producer);
        var writer = await store.OpenWrite(name.Container, cancellation).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            await producer(writer, cancellation).ConfigureAwait(false);
            return await writer.Commit(name, condition, cancellation).ConfigureAwait(false);
        }
    }
}
