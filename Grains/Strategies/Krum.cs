using System.Collections.Immutable;

namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// Krum and Multi-Krum (Blanchard et al., 2017). Of n updates, f of which may be arbitrary, each is scored with the sum of the squared
/// distances to its n − f − 2 nearest others; the one with the lowest score is taken, or the mean of the m lowest. Equal scores are
/// ordered by position. Every update counts the same, whatever its number of examples.
/// </summary>
/// <param name="byzantine">f, 0 or more.</param>
/// <param name="select">m, 1 to n − f.</param>
internal sealed class Krum(int byzantine, int select) : IStrategy
{
    /// <inheritdoc/>
    public StrategyGeometry Geometry => StrategyGeometry.PairwiseDistances;

    /// <inheritdoc/>
    public int MinimumContributions => Math.Max(2 * byzantine + 3, select + byzantine);

    /// <inheritdoc/>
    public ImmutableArray<long> Decide(ImmutableArray<Contribution> contributions, PairwiseDistances? distances)
    {
        var count = contributions.Length;
        if (count < MinimumContributions)
        {
            throw new StrategyException(
                $"krum with byzantine {byzantine} and select {select} needs at least {MinimumContributions} contributions, and there are {count}.");
        }

        if (distances is null || distances.Count != count)
        {
            throw new ArgumentException($"krum needs the distances of {count} updates, not of {distances?.Count ?? 0}.", nameof(distances));
        }

        var weights = new long[count];
        var scores = Scores(distances, byzantine);
        foreach (var index in Enumerable.Range(0, count).OrderBy(index => scores[index]).ThenBy(index => index).Take(select))
        {
            weights[index] = 1;
        }

        return [.. weights];
    }

    /// <inheritdoc/>
    public void Combine(ColumnBlock block, Span<float> next) => ExactWeightedMean.Combine(block, next);

    private static double[] Scores(PairwiseDistances distances, int tolerated)
    {
        var scores = new double[distances.Count];
        var others = new double[distances.Count - 1];
        for (var index = 0; index < scores.Length; index++)
        {
            for (var other = 0; other < others.Length; other++)
            {
                others[other] = distances[index, other < index ? other : other + 1];
            }

            // In ascending order, the sum does not depend on the positions of the others.
            Array.Sort(others);
            for (var nearest = 0; nearest < distances.Count - tolerated - 2; nearest++)
            {
                scores[index] += others[nearest];
            }
        }

        return scores;
    }
}

/// <summary>The job file's <c>krum</c>.</summary>
internal sealed class KrumKind : IStrategyKind
{
    private const int Limit = 100_000;

    /// <inheritdoc/>
    public string Name => "krum";

    /// <inheritdoc/>
    public string Summary => "The update nearest to its neighbours, or the mean of several such: withstands wrong updates from fewer than half.";

    /// <inheritdoc/>
    public ImmutableArray<StrategyOption> Options =>
    [
        new("byzantine", 1, 0, Limit, true,
            "How many updates may be wrong: f of n, where n must be 2f + 3 or more."),
        new("select", 1, 1, Limit, true, "How many updates are averaged, up to n - f: 1 is Krum, more is Multi-Krum."),
    ];

    /// <inheritdoc/>
    public IStrategy Create(StrategyOptionValues values) => new Krum(values.Integer("byzantine"), values.Integer("select"));
}
