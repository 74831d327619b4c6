using System.Collections.Immutable;

namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// Federated averaging (McMahan et al., 2017): x ← x + Σ n_k·Δ_k ÷ Σ n_k, exact up to the one division. A participant without examples does
/// not count.
/// </summary>
internal sealed class FedAvg : IStrategy
{
    /// <inheritdoc/>
    public StrategyGeometry Geometry => StrategyGeometry.None;

    /// <inheritdoc/>
    public int MinimumContributions => 1;

    /// <inheritdoc/>
    public ImmutableArray<long> Decide(ImmutableArray<Contribution> contributions, PairwiseDistances? distances)
    {
        foreach (var contribution in contributions)
        {
            if (contribution.Examples is < 0 or >= ExactSum.WeightLimit)
            {
                throw new StrategyException(
                    $"fedavg takes 0 to {ExactSum.WeightLimit - 1} examples from a participant, not {contribution.Examples}.");
            }
        }

        return contributions.Any(contribution => contribution.Examples > 0)
            ? contributions.Select(contribution => contribution.Examples).ToImmutableArray()
            : throw new StrategyException("fedavg needs a contribution with at least one example.");
    }

    /// <inheritdoc/>
    public void Combine(ColumnBlock block, Span<float> next) => ExactWeightedMean.Combine(block, next);
}

/// <summary>The job file's <c>fedavg</c>.</summary>
internal sealed class FedAvgKind : IStrategyKind
{
    /// <inheritdoc/>
    public string Name => "fedavg";

    /// <inheritdoc/>
    public string Summary => "The mean of the updates, weighted by their numbers of examples.";

    /// <inheritdoc/>
    public ImmutableArray<StrategyOption> Options => [];

    /// <inheritdoc/>
    public IStrategy Create(StrategyOptionValues values) => new FedAvg();
}
