namespace OrleansEdge.EdgeAgent.Data.Splits;

/// <summary>
/// Label skew of Hsu et al. (2019) and NIID-Bench: the shuffled examples of each class are cut in proportions drawn from a symmetric
/// Dirichlet distribution over the parts. A part that comes out empty takes one example of the part that is largest at that moment (the
/// first of equals), so that every device has something to train on.
/// </summary>
internal static class DirichletSplit
{
    /// <inheritdoc cref="DataSplit.Divide"/>
    public static int[][] Divide(ReadOnlySpan<int> classes, int parts, double alpha, ulong seed)
    {
        var random = new SeededRandom(seed);
        var divided = new List<int>[parts];
        for (var part = 0; part < parts; part++)
        {
            divided[part] = [];
        }

        var shares = new double[parts];
        foreach (var members in GroupByClass(classes))
        {
            random.Shuffle(members);
            random.NextDirichlet(alpha, shares);
            Deal(members, shares, divided);
        }

        FillEmptyParts(divided);
        return [.. divided.Select(part => part.ToArray())];
    }

    private static int[][] GroupByClass(ReadOnlySpan<int> classes)
    {
        var groups = new SortedDictionary<int, List<int>>();
        for (var index = 0; index < classes.Length; index++)
        {
            if (!groups.TryGetValue(classes[index], out var members))
            {
                groups[classes[index]] = members = [];
            }

            members.Add(index);
        }

        return [.. groups.Values.Select(members => members.ToArray())];
    }

    private static void Deal(int[] members, double[] shares, List<int>[] divided)
    {
        var cumulative = 0.0;
        var from = 0;
        for (var part = 0; part < shares.Length; part++)
        {
            cumulative += shares[part];

            // The last part takes what rounding has left.
            var to = part == shares.Length - 1
                ? members.Length
                : Math.Clamp((int)Math.Floor((cumulative * members.Length) + 0.5), from, members.Length);
            divided[part].AddRange(members.AsSpan(from, to - from));
            from = to;
        }
    }

    private static void FillEmptyParts(List<int>[] divided)
    {
        foreach (var empty in divided.Where(part => part.Count == 0))
        {
            var largest = divided.MaxBy(part => part.Count)!;
            empty.Add(largest[^1]);
            largest.RemoveAt(largest.Count - 1);
        }
    }
}
