using System.Buffers;

namespace OrleansEdge.Grains.Storage.Azure;

/// <summary>
/// The streaming write of an <see cref="AzureBlobStore"/>. The service stages blocks only under a blob's final name, which is not known before
/// the end, and a copy from a temporary name would leave orphans there; so the content waits here, in memory up to one put's length and
/// beyond it in a file that goes with its handle, and is sent in blocks when it has its name.
/// </summary>
internal sealed class AzureBlobWriter(AzureBlobStore store, string container, AzureBlobStoreOptions options) : IBlobWriter
{
    private const int FirstLength = 64 * 1024;
    private const int Growth = 4;

    private byte[]? _buffer;
    private FileStream? _file;
    private bool _finished;

    public long Length { get; private set; }

    public async ValueTask Append(ReadOnlyMemory<byte> piece, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        try
        {
            if (_file is null && Length + piece.Length <= options.SinglePutLength)
            {
                Reserve((int)Length + piece.Length);
                piece.CopyTo(_buffer.AsMemory((int)Length));
            }
            else
            {
                _file ??= await MoveToFile(cancellation).ConfigureAwait(false);
                await _file.WriteAsync(piece, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException(
                $"A blob for '{container}' cannot wait in '{Folder}' before it is sent ({exception.Message.TrimEnd('.')}): free some space there, or set TMPDIR " +
                "to another folder.",
                exception);
        }

        Length += piece.Length;
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
        if (_file is not null)
        {
            await _file.FlushAsync(cancellation).ConfigureAwait(false);
        }

        return await store.Upload(name, Open, condition, cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _finished = true;
        Release();
        if (_file is not null)
        {
            await _file.DisposeAsync().ConfigureAwait(false);
        }
    }

    private string Folder => options.TemporaryFolder ?? Path.GetTempPath();

    private Stream Open() => _file is null
        ? new MemoryStream(_buffer ?? [], 0, (int)Length, writable: false)
        : new FileStream(_file.Name, new FileStreamOptions { Mode = FileMode.Open, Share = FileShare.ReadWrite | FileShare.Delete });

    private async ValueTask<FileStream> MoveToFile(CancellationToken cancellation)
    {
        var file = new FileStream(Path.Combine(Folder, $"orleansedge-{Guid.NewGuid():n}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            BufferSize = 0,
        });
        await file.WriteAsync(_buffer.AsMemory(0, (int)Length), cancellation).ConfigureAwait(false);
        Release();
        return file;
    }

    private void Reserve(int length)
    {
        if (_buffer is { } buffer && buffer.Length >= length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, Math.Max(FirstLength, (_buffer?.Length ?? 0) * Growth)));
        _buffer.AsSpan(0, (int)Length).CopyTo(larger);
        Release();
        _buffer = larger;
    }

    private void Release()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }
}
