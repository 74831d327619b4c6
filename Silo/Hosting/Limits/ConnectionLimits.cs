using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>
/// Counts the connections of each address before anything is read from them, so that one that opens thousands, or opens and drops them without end,
/// costs no more than accepting them.
/// </summary>
/// <param name="port">What the port is, for messages.</param>
/// <param name="options">The limits.</param>
/// <param name="refusals">Told of what is closed.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionLimits(string port, GatewayLimitOptions options, Refusals refusals, TimeProvider time) : IConnectionMiddleware
{
    private const double Burst = 10;
    private const string UnknownAddress = "an unknown address";
    private readonly ConcurrentDictionary<string, Peer> _peers = [];
    private int _connections;

    /// <summary>How many connections there are.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many addresses are known.</summary>
    public int Known => _peers.Count;

    /// <summary>The address of the other end.</summary>
    public static string AddressOf(ConnectionContext context) => context.RemoteEndPoint is IPEndPoint { Address: var address }
        ? PeerNetwork.Plain(address).ToString()
        : UnknownAddress;

    /// <inheritdoc/>
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var address = context.RemoteEndPoint is IPEndPoint { Address: var remote } ? PeerNetwork.Of(remote).ToString() : UnknownAddress;
        var peer = _peers.GetOrAdd(address, _ => new(new(options.NewConnectionsPerSecond, Burst, time)));
        try
        {
            var ofAll = Interlocked.Increment(ref _connections);
            var ofPeer = Interlocked.Increment(ref peer.Connections);
            peer.LastSeen = time.GetUtcNow();
            if (!peer.New.TryTake(1))
            {
                Refuse(context, address, RefusalReason.NewConnections, $"opens more than {options.NewConnectionsPerSecond} connections a second to the {port}: those are closed.");
            }
            else if (ofPeer > options.ConnectionsPerAddress || ofAll > options.Connections)
            {
                Refuse(context, address, RefusalReason.Connections,
                    $"has more connections to the {port} than are allowed ({options.ConnectionsPerAddress} from an address, {options.Connections} in all): those are closed.");
            }
            else
            {
                await next(context);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
            Interlocked.Decrement(ref peer.Connections);
        }
    }

    /// <summary>Forgets addresses that have no connection and have been away.</summary>
    public void Forget()
    {
        var horizon = time.GetUtcNow() - options.Memory;
        foreach (var entry in _peers.Where(entry => entry.Value.LastSeen < horizon && Volatile.Read(ref entry.Value.Connections) == 0).ToList())
        {
            _peers.TryRemove(entry);
        }
    }

    private void Refuse(ConnectionContext context, string peer, RefusalReason reason, string sentence)
    {
        refusals.Note(peer, reason, sentence);
        context.Abort(new ConnectionAbortedException($"{peer} {sentence}"));
    }

    private sealed class Peer(RateBudget @new)
    {
        public int Connections;

        public RateBudget New => @new;

        public DateTimeOffset LastSeen { get; set; }
    }
}
