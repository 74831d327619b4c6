namespace OrleansEdge.EdgeAgent.Data.Splits;

/// <summary>Sets the last share of a device's shuffled examples aside for federated evaluation.</summary>
internal static class HeldOutSplit
{
    // Fixed, so that a device holds the same examples out in every round, job and process.
    private const ulong Seed = 0x48454C444F5554;

    /// <summary>Two disjoint lists of indices, each ascending, that cover 0 to <paramref name="count"/>.</summary>
    /// <param name="count">The number of examples, at least 1.</param>
    /// <param name="share">0 to below 1. At least one example is always left to train on.</param>
    public static (int[] Train, int[] HeldOut) Divide(int count, double share)
    {
        if (share is not (>= 0 and < 1))
        {
            throw new DataException($"The share of the data that is held out must be from 0 to below 1, and {share} is not.");
        }

        var order = Enumerable.Range(0, count).ToArray();
        var heldOutCount = Math.Min((int)Math.Floor((count * share) + 0.5), Math.Max(0, count - 1));
        if (heldOutCount == 0)
        {
            return (order, []);
        }

        new SeededRandom(Seed).Shuffle(order);
        var train = order[..^heldOutCount];
        var heldOut = order[^heldOutCount..];
        Array.Sort(train);
        Array.Sort(heldOut);
        return (train, heldOut);
    }
}
