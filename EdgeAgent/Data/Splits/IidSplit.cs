namespace OrleansEdge.EdgeAgent.Data.Splits;

/// <summary>Independent and identically distributed parts: the shuffled examples cut in runs whose lengths differ by one at most.</summary>
internal static class IidSplit
{
    /// <inheritdoc cref="DataSplit.Divide"/>
    public static int[][] Divide(int count, int parts, ulong seed)
    {
        var order = Enumerable.Range(0, count).ToArray();
        new SeededRandom(seed).Shuffle(order);
        return Cut(order, parts);
    }

    /// <summary>Cuts <paramref name="order"/> in runs whose lengths differ by one at most.</summary>
    internal static int[][] Cut(int[] order, int parts)
    {
        var runs = new int[parts][];
        for (var part = 0; part < parts; part++)
        {
            var from = (int)((long)order.Length * part / parts);
            var to = (int)((long)order.Length * (part + 1) / parts);
            runs[part] = order[from..to];
        }

        return runs;
    }
}
