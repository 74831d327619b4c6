using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using OrleansEdge.Grains.Audit;

namespace OrleansEdge.Silo.Identity.Gateway;

/// <summary>Ends a client's connection at the first message that no client of Orleans sends.</summary>
internal sealed partial class ClientGuard(IAuditLog audit, ILogger<ClientGuard> logger) : IConnectionMiddleware
{
    /// <inheritdoc/>
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var transport = context.Transport;
        context.Transport = new GuardedPipe(new GuardedReader(transport.Input, sentence => Refuse(context, sentence)), transport.Output);
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = transport;
        }
    }

    private void Refuse(ConnectionContext context, string sentence)
    {
        var address = (context.RemoteEndPoint as System.Net.IPEndPoint)?.Address.ToString() ?? context.RemoteEndPoint?.ToString();
        LogRefused(address, sentence);
        audit.Denied(new("anonymous", "gateway connection", AuditOutcome.Denied, From: address, Detail: sentence));
        context.Abort(new ConnectionAbortedException(sentence));
    }

    [LoggerMessage(LogLevel.Warning, "The connection of a client at {Address} was ended: {Reason}")]
    private partial void LogRefused(string? address, string reason);

    private sealed record GuardedPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Hands on what was looked at. What is not whole yet may be seen, since nobody acts on half a message.</summary>
    private sealed class GuardedReader(PipeReader inner, Action<string> refuse) : PipeReader
    {
        private readonly ClientFrames _frames = new();
        private ReadOnlySequence<byte> _buffer;
        private long _looked;

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            _looked -= _buffer.Slice(0, consumed).Length;
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            Look(await inner.ReadAsync(cancellationToken));

        public override bool TryRead(out ReadResult result)
        {
            var isRead = inner.TryRead(out result);
            result = isRead ? Look(result) : result;
            return isRead;
        }

        private ReadResult Look(ReadResult result)
        {
            _buffer = result.Buffer;
            while (_looked >= 0 && _looked < _buffer.Length)
            {
                if (_frames.Look(_buffer.Slice(_looked), out var length) is { } sentence)
                {
                    refuse(sentence);
                    throw new ConnectionAbortedException(sentence);
                }

                if (length == 0)
                {
                    break;
                }

                _looked += length;
            }

            return result;
        }
    }
}

/// <summary>Puts the guard before a silo's gateway.</summary>
internal static class ClientGuardExtensions
{
    /// <summary>Guards every gateway connection; comes after what takes encryption away.</summary>
    public static void GuardClients(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<ClientGuard>();
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<ClientGuard>(
            (options, guard) => options.ConfigureGatewayInboundConnection(connection => connection.UseMiddleware(guard)));
    }
}
