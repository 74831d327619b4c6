using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace OrleansEdge.Contracts.Security.Transport;

/// <summary>
/// Puts a secured stream in the place of a connection's own transport. What is written is encrypted by somebody else than whoever writes: what
/// comes together meanwhile goes out as one, while a record for each flush would cost more than all that is in it.
/// </summary>
internal static class TlsPipe
{
    /// <summary>How long the first words of a connection may take, from the first byte to the admission.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What may wait to be encrypted, in bytes: whoever writes more waits, too, until it is.</summary>
    private const int MostWaiting = 256 * 1024;

    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 64 * 1024, leaveOpen: true);

    private static readonly PipeOptions Writing = new(
        pauseWriterThreshold: MostWaiting, resumeWriterThreshold: MostWaiting / 2, minimumSegmentSize: 16 * 1024, useSynchronizationContext: false);

    /// <summary>Runs the rest of the connection over <paramref name="stream"/>.</summary>
    public static async Task Run(ConnectionContext context, SslStream stream, ConnectionDelegate next)
    {
        var transport = context.Transport;
        var (input, output) = (PipeReader.Create(stream, Reading), new Pipe(Writing));
        context.Transport = new Ends(input, output.Writer);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed);
        var sending = Send(output.Reader, stream, ended.Token);
        try
        {
            await next(context);
        }
        catch
        {
            // The connection is closed when this has returned, and whoever does not read would be waited for until then.
            await ended.CancelAsync();
            throw;
        }
        finally
        {
            context.Transport = transport;
            await input.CompleteAsync();

            // What was not flushed when the connection ended cannot be sent any more.
            await output.Writer.CompleteAsync(new ConnectionAbortedException());
            await sending;
        }
    }

    private static async Task Send(PipeReader waiting, SslStream stream, CancellationToken ended)
    {
        try
        {
            for (var isMore = true; isMore;)
            {
                var read = await waiting.ReadAsync(ended);
                foreach (var part in read.Buffer)
                {
                    await stream.WriteAsync(part, ended);
                }

                await stream.FlushAsync(ended);
                waiting.AdvanceTo(read.Buffer.End);
                isMore = !read.IsCompleted;
            }
        }
        catch (Exception exception) when (
            exception is IOException or OperationCanceledException or SocketException or ConnectionAbortedException or ConnectionResetException)
        {
            // Whoever writes sees that it has ended.
        }
        finally
        {
            await waiting.CompleteAsync();
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
