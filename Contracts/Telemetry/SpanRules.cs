using System.Diagnostics;

namespace OrleansEdge.Contracts.Telemetry;

/// <summary>
/// Which spans are worth keeping: those of a round. Heartbeats, timers and look-ups begin outside a round and say nothing; a call for every
/// chunk would bury the rest.
/// </summary>
public static class SpanRules
{
    /// <summary>Calls that move one chunk each; the ends of the names that Orleans gives them: <c>INTERFACE/METHOD</c>.</summary>
    private static readonly string[] ChunkCalls = ["IShardGrain/Append", "IShardControl/Append", "IContentGrain/Read", "IEntryGrain/Append", "IEntryGrain/Read"];

    /// <summary>Whether a span is kept.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parent">Its parent, in this process or in another; default where there is none.</param>
    public static bool IsKept(string name, ActivityContext parent)
    {
        ArgumentNullException.ThrowIfNull(name);
        return parent.TraceId == default
            ? name == OrleansEdgeTelemetry.RoundOpened
            : parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) && !IsChunkCall(name);
    }

    private static bool IsChunkCall(string name)
    {
        foreach (var call in ChunkCalls)
        {
            if (name.EndsWith(call, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
