using System.Text.Json;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Grains.Storage;

/// <summary>What follows from <see cref="IBlobStore"/> for every store.</summary>
public static class BlobStoreExtensions
{
    /// <summary>The largest record of a version or a round, in bytes: 16 MiB, for a hundred thousand contributors.</summary>
    internal const long LargestRecord = 16 << 20;

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

    /// <summary>Reads a whole blob that something small is kept in; null when there is none. What is larger is not read at all.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The blob.</param>
    /// <param name="limit">The largest length, in bytes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="BlobStoreException">It is larger: the store did not write it.</exception>
    public static ValueTask<BlobContent?> ReadSmall(this IBlobStore store, BlobName name, long limit, CancellationToken cancellation = default) =>
        store.ReadSmall(name, limit, "restore it from a backup, or delete it", cancellation);

    /// <summary>Reads a whole blob that something small is kept in; null when there is none. What is larger is not read at all.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The blob.</param>
    /// <param name="limit">The largest length, in bytes.</param>
    /// <param name="remedy">What to do about one that is larger.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="BlobStoreException">It is larger: the store did not write it.</exception>
    public static async ValueTask<BlobContent?> ReadSmall(
        this IBlobStore store, BlobName name, long limit, string remedy, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var length = await store.GetLength(name, cancellation).ConfigureAwait(false);
        return length is null ? null
            : length <= limit ? await store.Read(name, cancellation).ConfigureAwait(false)
            : throw new BlobStoreException(
                $"'{store.Describe(name)}' has {length} bytes and can have {limit} at most, so it is not what a site wrote: {remedy}.");
    }

    /// <summary>Reads a record that is kept as JSON; null when there is none.</summary>
    /// <exception cref="BlobStoreException">What lies there is no such record.</exception>
    internal static async Task<T?> ReadRecord<T>(this IBlobStore store, BlobName name, CancellationToken cancellation = default)
        where T : class
    {
        if (await store.ReadSmall(name, LargestRecord, cancellation).ConfigureAwait(false) is not { } blob)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(blob.Bytes.Span, StateJson.Options) ?? throw new JsonException("A record is an object.");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw new BlobStoreException(
                $"The record in '{store.Describe(name)}' is damaged or not a {typeof(T).Name}: restore it from a backup, or delete it.", exception);
        }
    }
}
