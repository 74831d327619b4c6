using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// The coordinate-wise median of the updates (Yin et al., 2018); of an even number of updates, the mean of the middle two. Every update
/// counts the same: numbers of examples are what a participant says of itself, and a robust rule does not take its word.
/// </summary>
internal sealed class CoordinateMedian : IStrategy
{
    private const int Lanes = 16;

    // Shards share the strategy, and all of a round have the same number of updates. A lost race only makes the network twice.
    private volatile MedianNetwork? network;

    /// <inheritdoc/>
    public StrategyGeometry Geometry => StrategyGeometry.None;

    /// <inheritdoc/>
    public int MinimumContributions => 1;

    /// <inheritdoc/>
    public ImmutableArray<long> Decide(ImmutableArray<Contribution> contributions, PairwiseDistances? distances) => contributions.IsEmpty
        ? throw new StrategyException("coordinate-median needs at least one contribution.")
        : contributions.Select(_ => 1L).ToImmutableArray();

    /// <inheritdoc/>
    public void Combine(ColumnBlock block, Span<float> next)
    {
        var current = network;
        if (current is null || current.Count != block.Count)
        {
            network = current = new(block.Count);
        }

        var rows = ArrayPool<float>.Shared.Rent(block.Count * Lanes);
        var sums = ArrayPool<double>.Shared.Rent(block.Width + Lanes);
        for (var start = 0; start < block.Width; start += Lanes)
        {
            var length = Math.Min(Lanes, block.Width - start);
            for (var index = 0; index < block.Count; index++)
            {
                block.Delta(index).Slice(start, length).CopyTo(rows.AsSpan(index * Lanes));
            }

            var vectors = MemoryMarshal.Cast<float, Vector512<float>>(rows.AsSpan(0, block.Count * Lanes));
            current.Apply(vectors);
            AddMiddle(vectors[(block.Count - 1) / 2], vectors[block.Count / 2], sums.AsSpan(start, Lanes));
        }

        ExactWeightedMean.AddQuotients(block.Base, sums.AsSpan(0, block.Width), 2, next);
        ArrayPool<float>.Shared.Return(rows);
        ArrayPool<double>.Shared.Return(sums);
    }

    /// <summary>The sum of the middle two, which are one and the same for an odd number: halved later, both give the median.</summary>
    private static void AddMiddle(Vector512<float> lower, Vector512<float> upper, Span<double> sums)
    {
        var (lowerLeft, lowerRight) = Vector512.Widen(lower);
        var (upperLeft, upperRight) = Vector512.Widen(upper);
        (lowerLeft + upperLeft).CopyTo(sums);
        (lowerRight + upperRight).CopyTo(sums[(Lanes / 2)..]);
    }
}

/// <summary>The job file's <c>coordinate-median</c>.</summary>
internal sealed class CoordinateMedianKind : IStrategyKind
{
    /// <inheritdoc/>
    public string Name => "coordinate-median";

    /// <inheritdoc/>
    public string Summary => "The median of the updates, parameter by parameter: withstands wrong updates from fewer than half of the participants.";

    /// <inheritdoc/>
    public ImmutableArray<StrategyOption> Options => [];

    /// <inheritdoc/>
    public IStrategy Create(StrategyOptionValues values) => new CoordinateMedian();
}
