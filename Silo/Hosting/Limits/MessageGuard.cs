using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>
/// Looks at what comes in on each connection as Orleans' messages: how large they are, whether they end, and how many there are. What is too large
/// or does not end closes its connection; what is too much is left unread, so that it waits where it comes from.
/// </summary>
/// <remarks>Comes after encryption.</remarks>
internal sealed class MessageGuard(GatewayLimitOptions options, Refusals refusals, TimeProvider time) : IConnectionMiddleware
{
    private const double Burst = 5;
    private readonly ConcurrentDictionary<GuardedConnection, byte> _connections = [];
    private readonly ConcurrentDictionary<string, Holder> _holders = [];

    /// <inheritdoc/>
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var address = ConnectionLimits.AddressOf(context);
        if (CertificateOf(context) is not { } certificate)
        {
            await Guard(context, address, new Holder(options, time), next);
            return;
        }

        var holder = _holders.GetOrAdd(certificate, _ => new(options, time));
        try
        {
            holder.LastSeen = time.GetUtcNow();
            if (Interlocked.Increment(ref holder.Connections) <= options.ConnectionsPerCertificate)
            {
                await Guard(context, $"{certificate} ({address})", holder, next);
                return;
            }

            var sentence = $"has more than {options.ConnectionsPerCertificate} connections: those are closed.";
            refusals.Note(certificate, RefusalReason.Connections, sentence);
            context.Abort(new ConnectionAbortedException($"{certificate} {sentence}"));
        }
        finally
        {
            Interlocked.Decrement(ref holder.Connections);
        }
    }

    /// <summary>Closes connections on which something is overdue.</summary>
    public void Check()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Check();
        }
    }

    /// <summary>Forgets certificates without a connection.</summary>
    public void Forget()
    {
        var horizon = time.GetUtcNow() - options.Memory;
        foreach (var entry in _holders.Where(entry => entry.Value.LastSeen < horizon && Volatile.Read(ref entry.Value.Connections) == 0).ToList())
        {
            _holders.TryRemove(entry);
        }
    }

    private static string? CertificateOf(ConnectionContext context) =>
        context.Features.Get<ConnectionPeer>() is { Certificate: var certificate } ? $"the certificate of '{certificate.Identity.Name}'" : null;

    private async Task Guard(ConnectionContext context, string peer, Holder holder, ConnectionDelegate next)
    {
        var guard = new GuardedConnection(context, peer, holder.Messages, holder.Bytes, options, refusals, time);
        var transport = context.Transport;
        context.Transport = new GuardedPipe(new GuardedReader(transport.Input, guard), transport.Output);
        _connections[guard] = 0;
        try
        {
            await next(context);
        }
        finally
        {
            _connections.TryRemove(guard, out _);
            context.Transport = transport;
        }
    }

    private sealed record GuardedPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Holder(GatewayLimitOptions options, TimeProvider time)
    {
        public int Connections;

        public DateTimeOffset LastSeen { get; set; }

        public RateBudget Messages { get; } = new(options.MessagesPerSecond, Burst, time);

        public RateBudget Bytes { get; } = new(options.BytesPerSecond, Burst, time);
    }
}
