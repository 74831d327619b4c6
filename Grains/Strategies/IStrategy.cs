using System.Collections.Immutable;

namespace OrleansEdge.Grains.Strategies;

/// <summary>What a strategy must know of whole updates before it can decide.</summary>
internal enum StrategyGeometry
{
    /// <summary>Nothing: the numbers of examples are enough.</summary>
    None = 0,

    /// <summary>The squared distance between every two updates.</summary>
    PairwiseDistances = 1,
}

/// <summary>One committed update; its index is the participant's position in the round's sorted list of contributors.</summary>
/// <param name="Examples">The number of examples that the participant trained on, below <see cref="ExactSum.WeightLimit"/>.</param>
internal readonly record struct Contribution(long Examples);

/// <summary>
/// How the updates of a round become the next version. Immutable: one instance serves all shards, from several threads. The round decides
/// once which updates count and by how much; each shard then combines its range block by block. The result is a function of the list of
/// contributors and their updates only, bit for bit: neither the order of arrival nor the width of the blocks nor the processor matters.
/// </summary>
internal interface IStrategy
{
    /// <summary>What <see cref="Decide"/> needs.</summary>
    StrategyGeometry Geometry { get; }

    /// <summary>The smallest number of contributions with which <see cref="Decide"/> can succeed: a quorum below it makes no sense.</summary>
    int MinimumContributions { get; }

    /// <summary>Decides the weight of each contribution.</summary>
    /// <param name="contributions">In the order of the sorted list of contributors.</param>
    /// <param name="distances">Over the whole vector, where <see cref="Geometry"/> asks for them; otherwise null.</param>
    /// <returns>A weight for each contribution, below <see cref="ExactSum.WeightLimit"/>; 0 means that the update is not used.</returns>
    /// <exception cref="StrategyException">The contributions do not suffice.</exception>
    ImmutableArray<long> Decide(ImmutableArray<Contribution> contributions, PairwiseDistances? distances);

    /// <summary>Writes the next weights of one block. Finite updates can still overflow fp32 here, so the result is to be checked.</summary>
    /// <param name="block">The base weights and the used updates.</param>
    /// <param name="next">As long as the block is wide.</param>
    void Combine(ColumnBlock block, Span<float> next);
}

/// <summary>A strategy cannot be made from its options, or cannot decide. The message is one sentence for a person.</summary>
internal sealed class StrategyException(string message) : Exception(message);
