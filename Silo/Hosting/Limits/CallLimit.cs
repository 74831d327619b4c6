using System.Collections.Concurrent;
using Orleans.Runtime;

namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>
/// Counts the calls of each client that are being worked on, so that one that never waits for an answer does not fill the silo with calls that wait.
/// Calls between grains pass.
/// </summary>
internal sealed class CallLimit(GatewayLimitOptions options, Refusals refusals) : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<GrainId, int> _inFlight = [];

    /// <summary>How many clients have calls in flight.</summary>
    public int Clients => _inFlight.Count;

    /// <inheritdoc/>
    /// <exception cref="OrleansException">The client has too many calls in flight.</exception>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.SourceId is not { } source || !source.Type.AsSpan().StartsWith("sys.client"u8))
        {
            await context.Invoke();
            return;
        }

        if (_inFlight.AddOrUpdate(source, 1, (_, count) => count + 1) > options.CallsInFlight)
        {
            Leave(source);
            refusals.Note($"The client {source.Key}", RefusalReason.Calls, $"has more than {options.CallsInFlight} calls at once: those are refused.");
            throw new OrleansException($"This connection has more than {options.CallsInFlight} calls at once: wait for answers before you ask more.");
        }

        try
        {
            await context.Invoke();
        }
        finally
        {
            Leave(source);
        }
    }

    private void Leave(GrainId source)
    {
        if (_inFlight.AddOrUpdate(source, 0, (_, count) => count - 1) <= 0)
        {
            _inFlight.TryRemove(new(source, 0));
        }
    }
}
