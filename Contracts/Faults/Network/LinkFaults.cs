using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;

namespace OrleansEdge.Contracts.Faults.Network;

/// <summary>
/// Makes connections as bad as a real link: they break, are late and are slow, in both directions. Put it at the end that connects, so that
/// each link has its faults once.
/// </summary>
/// <remarks>A message that breaks its connection takes along whatever is on its way, as a reset does.</remarks>
public sealed class LinkFaults(NetworkFaults faults, TimeProvider time) : IConnectionMiddleware
{
    private readonly Throttle _down = new(faults.Bandwidth);
    private readonly Throttle _up = new(faults.Bandwidth);
    private int _connections;
    private int _broken;

    /// <summary>How many connections a message has broken so far.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <inheritdoc/>
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var transport = context.Transport;
        var incoming = new Pipe();
        var outgoing = new Pipe();
        context.Transport = new Ends(incoming.Reader, outgoing.Writer);
        var seed = unchecked((faults.Seed * 7919) + (2 * Interlocked.Increment(ref _connections)));
        var down = new LinkDirection(faults, _down, seed, time);
        var up = new LinkDirection(faults, _up, seed + 1, time);
        var carrying = Task.WhenAll(
            down.Carry(transport.Input, incoming.Writer, Break, context.ConnectionClosed),
            up.Carry(outgoing.Reader, transport.Output, Break, context.ConnectionClosed));
        try
        {
            await next(context);
        }
        finally
        {
            await incoming.Reader.CompleteAsync();
            await outgoing.Writer.CompleteAsync();
            transport.Input.CancelPendingRead();
            await carrying;
            context.Transport = transport;
        }

        void Break()
        {
            Interlocked.Increment(ref _broken);
            context.Abort(new ConnectionAbortedException("A message has broken its connection, under test."));
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
