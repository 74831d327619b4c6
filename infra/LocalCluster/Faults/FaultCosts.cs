using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.LocalCluster.Faults;

/// <summary>Reckons what faults have cost: their rounds against the others.</summary>
internal static class FaultCosts
{
    /// <summary>The faults with the cost of their rounds, where these are known; round 0 is not kept.</summary>
    public static IReadOnlyList<Fault> Of(IReadOnlyList<Fault> faults, IReadOnlyList<RoundRecord> rounds)
    {
        var disturbed = faults.Select(fault => fault.Round).ToHashSet();
        var usual = Median([.. rounds.Where(round => !disturbed.Contains(round.Round)).Select(round => round.Seconds).Order()]);
        var costs = rounds.Where(round => disturbed.Contains(round.Round)).ToDictionary(
            round => round.Round,
            round => new FaultCost(RoundsDoneOver(round), usual is null ? null : Math.Round(round.Seconds - usual.Value, 3), round.BytesResent));
        return [.. faults.Select(fault => fault with { Cost = costs.GetValueOrDefault(fault.Round) })];
    }

    /// <summary>How often a round was done over, or given up.</summary>
    public static int RoundsDoneOver(RoundRecord round) => round.Version is null ? 1 : round.Attempt - 1;

    private static double? Median(IReadOnlyList<double> sorted) =>
        sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}
