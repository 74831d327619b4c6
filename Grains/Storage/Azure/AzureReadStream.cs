using Azure.Storage.Blobs.Models;

namespace OrleansEdge.Grains.Storage.Azure;

/// <summary>A download, with its failures as sentences.</summary>
internal sealed class AzureReadStream(BlobDownloadStreamingResult download, string account, BlobName name) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => download.Details.ContentLength;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Pass(download.Content.Read(buffer));
        }
        catch (Exception exception) when (AzureErrors.IsFailure(exception, CancellationToken.None))
        {
            throw AzureErrors.Explain(exception, account, $"read '{name}'");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Pass(await download.Content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (AzureErrors.IsFailure(exception, cancellationToken))
        {
            throw AzureErrors.Explain(exception, account, $"read '{name}'");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            download.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Pass(int read)
    {
        _position += read;
        return read;
    }
}
