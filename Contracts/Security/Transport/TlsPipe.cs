using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;

namespace OrleansEdge.Contracts.Security.Transport;

/// <summary>Puts a secured stream in the place of a connection's own transport.</summary>
internal static class TlsPipe
{
    /// <summary>How long the first words of a connection may take, from the first byte to the admission.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 64 * 1024, leaveOpen: true);

    private static readonly StreamPipeWriterOptions Writing = new(minimumBufferSize: 16 * 1024, leaveOpen: true);

    /// <summary>Runs the rest of the connection over <paramref name="stream"/>.</summary>
    public static async Task Run(ConnectionContext context, SslStream stream, ConnectionDelegate next)
    {
        var transport = context.Transport;
        var secured = new Ends(PipeReader.Create(stream, Reading), PipeWriter.Create(stream, Writing));
        context.Transport = secured;
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = transport;
            await secured.Input.CompleteAsync();

            // What was not flushed when the connection ended cannot be sent any more.
            await secured.Output.CompleteAsync(new ConnectionAbortedException());
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
