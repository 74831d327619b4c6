namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>Which examples make up which step of an epoch.</summary>
internal sealed class BatchPlan
{
    private readonly int[] order;
    private readonly int batchSize;

    /// <param name="examples">The number of examples.</param>
    /// <param name="batchSize">Examples in a step.</param>
    /// <param name="avoidSingle">
    /// Adds a last example that would be alone to the step before: statistics over a batch, as in BatchNorm, do not exist for one example.
    /// </param>
    public BatchPlan(int examples, int batchSize, bool avoidSingle)
    {
        this.batchSize = batchSize;
        order = [.. Enumerable.Range(0, examples)];
        var full = examples / batchSize;
        var rest = examples % batchSize;
        var join = avoidSingle && rest == 1 && full > 0;
        Batches = full + (rest > 0 && !join ? 1 : 0);
        LargestBatch = Math.Min(examples, batchSize + (join ? 1 : 0));
    }

    /// <summary>The number of steps in an epoch.</summary>
    public int Batches { get; }

    /// <summary>The number of examples in the largest step.</summary>
    public int LargestBatch { get; }

    /// <summary>The examples of step <paramref name="batch"/>, from 0.</summary>
    public ReadOnlySpan<int> this[int batch] =>
        batch == Batches - 1 ? order.AsSpan(batch * batchSize) : order.AsSpan(batch * batchSize, batchSize);

    /// <summary>Puts the examples in the order of one epoch, which depends on nothing but the arguments (Fisher and Yates).</summary>
    public void Shuffle(ulong seed, int epoch)
    {
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        var random = SplitMix64.For(seed, (ulong)epoch);
        for (var left = order.Length; left > 1; left--)
        {
            var drawn = random.Next(left);
            (order[drawn], order[left - 1]) = (order[left - 1], order[drawn]);
        }
    }
}
