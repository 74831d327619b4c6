namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// A run of consecutive parameters with everything that is needed to combine them: the base weights and the deltas of the used updates,
/// which are those with a weight above 0, in the order of the sorted list of contributors. All values are finite: an update that holds a NaN
/// or an infinity is refused at its commit, and no algorithm here looks for one.
/// </summary>
internal readonly ref struct ColumnBlock
{
    private readonly ReadOnlySpan<ReadOnlyMemory<float>> deltas;

    /// <param name="baseWeights">The base version's weights of this block.</param>
    /// <param name="deltas">One for each used update, each as long as <paramref name="baseWeights"/>.</param>
    /// <param name="weights">One for each used update, above 0 and below <see cref="ExactSum.WeightLimit"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, there is no update, or a weight is out of range.</exception>
    public ColumnBlock(ReadOnlySpan<float> baseWeights, ReadOnlySpan<ReadOnlyMemory<float>> deltas, ReadOnlySpan<long> weights)
    {
        if (deltas.Length == 0 || deltas.Length > ExactSum.CountLimit || deltas.Length != weights.Length)
        {
            throw new ArgumentException(
                $"A block takes 1 to {ExactSum.CountLimit} updates and a weight for each, not {deltas.Length} updates and {weights.Length} weights.");
        }

        for (var index = 0; index < deltas.Length; index++)
        {
            if (deltas[index].Length != baseWeights.Length)
            {
                throw new ArgumentException($"Update {index} has {deltas[index].Length} values in a block of {baseWeights.Length}.", nameof(deltas));
            }

            if (weights[index] is <= 0 or >= ExactSum.WeightLimit)
            {
                throw new ArgumentException($"The weight {weights[index]} is outside 1 to {ExactSum.WeightLimit - 1}.", nameof(weights));
            }
        }

        Base = baseWeights;
        this.deltas = deltas;
        Weights = weights;
    }

    /// <summary>The base version's weights.</summary>
    public ReadOnlySpan<float> Base { get; }

    /// <summary>The weight of each update.</summary>
    public ReadOnlySpan<long> Weights { get; }

    /// <summary>The number of parameters.</summary>
    public int Width => Base.Length;

    /// <summary>The number of updates.</summary>
    public int Count => deltas.Length;

    /// <summary>The values of one update.</summary>
    public ReadOnlySpan<float> Delta(int index) => deltas[index].Span;
}
