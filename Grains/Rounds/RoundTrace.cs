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
    /// <param name="round">The round.</param>
    /// <param name="parent">The context of the round of the tier above that it belongs to; null for a trace of its own.</param>
    public static string? Open(RoundKey round, string? parent)
    {
        var surrounding = Activity.Current;
        Activity.Current = null;
        try
        {
            using var span = OrleansEdgeTelemetry.Start(OrleansEdgeTelemetry.RoundOpened, parent, round);
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
