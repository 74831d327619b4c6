namespace OrleansEdge.EdgeAgent.Data.Splits;

/// <summary>
/// The pathological split of McMahan et al. (2017): the examples sorted by class are cut in parts × K runs of equal length, and each part
/// gets K runs at random. A part therefore sees about K classes; a run that spans a boundary between classes brings two.
/// </summary>
internal static class ClassesSplit
{
    /// <inheritdoc cref="DataSplit.Divide"/>
    public static int[][] Divide(ReadOnlySpan<int> classes, int parts, int runsPerPart, ulong seed)
    {
        var runCount = (long)parts * runsPerPart;
        if (classes.Length < runCount)
        {
            throw new DataException(
                $"The split classes:{runsPerPart} over {parts} devices needs at least {runCount} examples, and there are {classes.Length}: " +
                "use fewer devices or classes.");
        }

        var random = new SeededRandom(seed);
        var order = Enumerable.Range(0, classes.Length).ToArray();
        random.Shuffle(order);
        var keys = new int[order.Length];
        for (var index = 0; index < order.Length; index++)
        {
            keys[index] = classes[order[index]];
        }

        // OrderBy is stable: within a class the shuffled order stays.
        var sorted = Enumerable.Range(0, order.Length).OrderBy(position => keys[position]).Select(position => order[position]).ToArray();
        var runs = IidSplit.Cut(sorted, (int)runCount);
        var deal = Enumerable.Range(0, runs.Length).ToArray();
        random.Shuffle(deal);
        return [.. deal.Chunk(runsPerPart).Select(hand => hand.SelectMany(run => runs[run]).ToArray())];
    }
}
