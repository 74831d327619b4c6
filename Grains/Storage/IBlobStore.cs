namespace OrleansEdge.Grains.Storage;

/// <summary>A whole blob.</summary>
/// <param name="Bytes">The content.</param>
/// <param name="ETag">The tag of exactly this write of the blob; opaque.</param>
public sealed record BlobContent(ReadOnlyMemory<byte> Bytes, string ETag);

/// <summary>A blob in a listing.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="Length">Its length, in bytes.</param>
/// <param name="ETag">The tag of its last write or touch; opaque.</param>
/// <param name="Modified">When that was, by the store's clock.</param>
public readonly record struct BlobEntry(BlobName Name, long Length, string ETag, DateTimeOffset Modified);

/// <summary>
/// Named blobs in containers. A write is whole and durable when it returns: after a crash at any moment a name holds either the old or the
/// new content. Conditions are checked and acted on as one step. Containers come into being with their first blob.
/// </summary>
/// <exception cref="BlobConflictException">A condition did not hold; nothing was changed.</exception>
/// <exception cref="BlobStoreException">The medium failed (full, not writable, unreadable); what was there before is intact.</exception>
public interface IBlobStore
{
    /// <summary>Reads a whole blob, at most 2 GiB; null when there is none.</summary>
    ValueTask<BlobContent?> Read(BlobName name, CancellationToken cancellation = default);

    /// <summary>
    /// Fills <paramref name="destination"/> from byte <paramref name="offset"/> on. Returns the number of bytes, smaller only where the blob
    /// ends; −1 when there is no blob.
    /// </summary>
    ValueTask<int> ReadRange(BlobName name, long offset, Memory<byte> destination, CancellationToken cancellation = default);

    /// <summary>A stream over the blob as it is now, unaffected by later writes; null when there is none.</summary>
    ValueTask<Stream?> OpenRead(BlobName name, CancellationToken cancellation = default);

    /// <summary>The blob's length in bytes; null when there is none.</summary>
    ValueTask<long?> GetLength(BlobName name, CancellationToken cancellation = default);

    /// <summary>Writes a whole blob and returns its ETag.</summary>
    ValueTask<string> Write(BlobName name, ReadOnlyMemory<byte> content, BlobCondition condition = default, CancellationToken cancellation = default);

    /// <summary>
    /// Begins a blob that is written piece by piece and named at the end. <paramref name="container"/> is where it will be, so that
    /// a store can stage it nearby.
    /// </summary>
    ValueTask<IBlobWriter> OpenWrite(string container, CancellationToken cancellation = default);

    /// <summary>
    /// Gives a blob a new ETag and the present time without changing its content, so that a deletion that was decided on before is refused.
    /// </summary>
    /// <returns>The new ETag; null when there is no blob, whatever the condition.</returns>
    ValueTask<string?> Touch(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default);

    /// <summary>Deletes a blob. False when there is none, whatever the condition.</summary>
    ValueTask<bool> Delete(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default);

    /// <summary>
    /// The blobs of a container whose paths begin with <paramref name="prefix"/>, in ordinal order; nothing for an unknown container.
    /// </summary>
    IAsyncEnumerable<BlobEntry> List(string container, string prefix = "", CancellationToken cancellation = default);

    /// <summary>
    /// The present time by the clock that gives blobs their times of modification, which may differ from this machine's. Coarse where the
    /// store's times are: a blob that is written next may be up to a second older than this.
    /// </summary>
    ValueTask<DateTimeOffset> Now(CancellationToken cancellation = default);

    /// <summary>Where a person finds the blob: a file's path or an address.</summary>
    string Describe(BlobName name);
}
