using Azure.Storage.Blobs.Models;

namespace OrleansEdge.Grains.Storage.Azure;

/// <summary>A download, with its failures as sentences.</summary>
internal sealed class AzureReadStream(BlobDownloadStreamingResult download, string account, BlobName name) : ForwardStream
{
    public override long Length => download.Details.ContentLength;

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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            download.Dispose();
        }

        base.Dispose(disposing);
    }
}
