namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>The streaming write of a <see cref="FolderBlobStore"/>.</summary>
internal sealed class FolderBlobWriter(FolderBlobStore store, string container, TemporaryFile file) : IBlobWriter
{
    private bool _finished;

    public long Length => file.Length;

    public async ValueTask Append(ReadOnlyMemory<byte> piece, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        try
        {
            await file.AppendAsync(piece, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (FolderErrors.IsMediumFailure(exception))
        {
            throw FolderErrors.Explain(exception, store.Folder, $"write a blob of '{container}'");
        }
    }

    public async ValueTask<string> Commit(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(_finished, this);
        if (name.Container != container)
        {
            throw new ArgumentException($"The blob was begun in container '{container}', so it cannot become '{name}'.", nameof(name));
        }

        _finished = true;
        return await store.Commit(name, condition, file, cancellation).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        _finished = true;
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
