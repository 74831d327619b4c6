using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;

namespace OrleansEdge.Contracts.Faults.Network;

/// <summary>Cuts this process off for a while: its connections break, and new ones are refused.</summary>
public sealed class NetworkCut(TimeProvider time) : IConnectionMiddleware
{
    private readonly Lock _lock = new();
    private readonly HashSet<ConnectionContext> _connections = [];
    private DateTimeOffset _until;

    /// <summary>Whether the process is cut off now.</summary>
    public bool IsOn
    {
        get
        {
            lock (_lock)
            {
                return time.GetUtcNow() < _until;
            }
        }
    }

    /// <summary>Begins a cut; one that is on already lasts at least as long.</summary>
    public void Begin(TimeSpan duration)
    {
        ConnectionContext[] broken;
        lock (_lock)
        {
            var until = time.GetUtcNow() + duration;
            _until = until > _until ? until : _until;
            broken = [.. _connections];
        }

        foreach (var connection in broken)
        {
            connection.Abort(Reason());
        }
    }

    /// <inheritdoc/>
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        lock (_lock)
        {
            _connections.Add(context);
        }

        try
        {
            if (IsOn)
            {
                context.Abort(Reason());
                throw Reason();
            }

            await next(context);
        }
        finally
        {
            lock (_lock)
            {
                _connections.Remove(context);
            }
        }
    }

    private static ConnectionAbortedException Reason() => new("The network is cut, under test.");
}
