using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.EndToEnd.Tests.Faults;

/// <summary>One run of a hierarchy in which the silo of each of its sites is killed at the same point, in rounds of its own.</summary>
/// <param name="Point">The point.</param>
public sealed record TierFaultCell(FaultPoint Point)
{
    /// <summary>Every point that a silo passes.</summary>
    public static IEnumerable<TierFaultCell> All { get; } =
    [
        .. from target in (FaultTarget[])[FaultTarget.Silo, FaultTarget.Shard, FaultTarget.Uplink]
           from point in FaultPoint.Of(target)
           select new TierFaultCell(point),
    ];

    /// <summary>The cells of continuous integration.</summary>
    public static IEnumerable<TierFaultCell> Sample { get; } = [new(SiloPoints.Publishing), new(UplinkPoints.Offered)];

    /// <summary>What <c>--kill</c> takes, in the order of the rounds. The root has nobody to speak to above it.</summary>
    public IReadOnlyList<string> Kills
    {
        get
        {
            var target = PlannedFault.NameOf(Point.Target);
            IEnumerable<string> below = [$"harbour/{target}@3:{Point}", $"quarry/{target}@4:{Point}"];
            return Point.Target == FaultTarget.Uplink ? [.. below] : [$"{target}@2:{Point}", .. below];
        }
    }

    /// <summary>The site that one of the kills strikes.</summary>
    public static string SiteOf(string kill) => kill.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? kill[..slash] : "root";
}
