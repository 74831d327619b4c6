using System.Diagnostics;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Telemetry;

namespace OrleansEdge.Grains.Rounds;

/// <summary>
/// The parent of everything in a round, in any process, after any restart: a span that ends at once, because a span that is open when its
/// process dies is lost.
/// </summary>
internal static class RoundTrace
{
    /// <summary>Records the span and gives its context; null when nobody listens.</summary>
    public static string? Open(RoundKey round)
    {
        var surrounding = Activity.Current;
        Activity.Current = null;
        try
        {
            using var span = OrleansEdgeTelemetry.Start(OrleansEdgeTelemetry.RoundOpened, null, round);
            return span?.Id;
        }
        finally
        {
            Activity.Current = surrounding;
        }
    }

    /// <summary>
    /// Records what is over already: for work that begins before its parent is known, or that lasts so long that the process may die in it.
    /// </summary>
    public static void Record(string name, string? traceParent, RoundKey round, DateTimeOffset startedAt, DateTimeOffset endedAt, int participants)
    {
        using var span = OrleansEdgeTelemetry.Start(name, traceParent, round, startedAt);
        span?.SetTag(OrleansEdgeTelemetry.ParticipantsTag, participants);
        span?.SetEndTime(endedAt.UtcDateTime);
    }
}
