using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Silo.Hosting.Limits;

namespace OrleansEdge.Silo.Identity.Gateway;

/// <summary>
/// Ends a client's connection at the first message that no client of Orleans sends, and leaves unread what its caller sends too much of: that
/// waits where it comes from, and costs the silo next to nothing.
/// </summary>
internal sealed partial class ClientGuard(
    IAuditLog audit, CallerRates rates, ClientOrigins origins, Refusals refusals, GatewayLimitOptions options, TimeProvider time, ILogger<ClientGuard> logger)
    : IConnectionMiddleware
{
    private readonly CallerRates _rates = rates;
    private readonly ClientOrigins _origins = origins;

    /// <inheritdoc/>
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var transport = context.Transport;
        var reader = new GuardedReader(this, context, transport.Input);
        context.Transport = new GuardedPipe(reader, transport.Output);
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = transport;
            reader.Leave();
        }
    }

    private void Refuse(ConnectionContext context, string sentence)
    {
        var address = ConnectionLimits.AddressOf(context);
        LogRefused(address, sentence);
        audit.Denied(new("anonymous", "gateway connection", AuditOutcome.Denied, From: address, Detail: sentence));
        context.Abort(new ConnectionAbortedException(sentence));
    }

    private async Task Throttle(ConnectionContext context, TimeSpan wait, CancellationToken cancellation)
    {
        refusals.Note(
            ConnectionLimits.AddressOf(context), RefusalReason.CallerRate,
            $"sends more than {options.CallsPerSecond} calls a second for one caller: it is read more slowly.");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, context.ConnectionClosed);
        await Task.Delay(wait, time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    [LoggerMessage(LogLevel.Warning, "The connection of a client at {Address} was ended: {Reason}")]
    private partial void LogRefused(string address, string reason);

    private sealed record GuardedPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>
    /// Hands on what was looked at. What is not whole yet may be seen, since nobody acts on half a message; what comes after a message that was one
    /// too many may not.
    /// </summary>
    private sealed class GuardedReader(ClientGuard guard, ConnectionContext context, PipeReader inner) : PipeReader
    {
        private readonly ClientFrames _frames = new();
        private readonly ConnectionCallers _callers = new(guard._rates);
        private ReadOnlySequence<byte> _buffer;
        private long _looked;
        private TimeSpan _wait;
        private IDisposable? _origin;

        /// <summary>The connection has ended.</summary>
        public void Leave() => _origin?.Dispose();

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            _looked -= _buffer.Slice(0, consumed).Length;
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            if (_wait > TimeSpan.Zero)
            {
                await guard.Throttle(context, _wait, cancellationToken);
                _wait = TimeSpan.Zero;
            }

            return Look(await inner.ReadAsync(cancellationToken));
        }

        public override bool TryRead(out ReadResult result)
        {
            result = default;
            if (_wait > TimeSpan.Zero || !inner.TryRead(out result))
            {
                return false;
            }

            result = Look(result);
            return true;
        }

        private ReadResult Look(ReadResult result)
        {
            _buffer = result.Buffer;
            while (_looked >= 0 && _looked < _buffer.Length && _wait == TimeSpan.Zero)
            {
                if (_frames.Look(_buffer.Slice(_looked), out var length) is { } sentence)
                {
                    guard.Refuse(context, sentence);
                    throw new ConnectionAbortedException(sentence);
                }

                if (length == 0)
                {
                    return result;
                }

                if (_origin is null && !_frames.Sender.IsEmpty)
                {
                    // Before the message goes on, so that who refuses it finds where it is from.
                    _origin = guard._origins.Enter(Encoding.ASCII.GetString(_frames.Sender), ConnectionLimits.AddressOf(context));
                }

                _looked += length;
                _wait = _callers.Charge(_frames.Token);
            }

            if (_wait == TimeSpan.Zero || _looked >= _buffer.Length)
            {
                return result;
            }

            _buffer = _buffer.Slice(0, _looked);
            return new(_buffer, result.IsCanceled, isCompleted: false);
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
        silo.Services.AddSingleton<ClientOrigins>();
        silo.Services.AddSingleton<ICallOrigins>(provider => provider.GetRequiredService<ClientOrigins>());
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<ClientGuard>(
            (options, guard) => options.ConfigureGatewayInboundConnection(connection => connection.UseMiddleware(guard)));
    }
}
