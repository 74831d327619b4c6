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
            using var span = OrleansEdgeTelemetry.Start("round opened", null, round);
            return span?.Id;
        }
        finally
        {
            Activity.Current = surrounding;
        }
    }
}
