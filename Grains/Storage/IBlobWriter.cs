namespace OrleansEdge.Grains.Storage;

/// <summary>A blob in the making: appended to, then committed under a name. Disposed without a commit it leaves nothing. For one caller at a time.</summary>
public interface IBlobWriter : IAsyncDisposable
{
    /// <summary>The number of bytes appended so far.</summary>
    long Length { get; }

    /// <summary>Appends a piece. The memory is the caller's again when the task ends.</summary>
    ValueTask Append(ReadOnlyMemory<byte> piece, CancellationToken cancellation = default);

    /// <summary>Makes the blob durable and visible as <paramref name="name"/>, in the container given at the beginning; returns its ETag.</summary>
    /// <exception cref="BlobConflictException">The condition did not hold; nothing was changed.</exception>
    ValueTask<string> Commit(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default);
}
