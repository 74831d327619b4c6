namespace OrleansEdge.EdgeAgent.Data.Splits;

/// <summary>
/// Divides the examples of a data set. Every device computes the whole split and takes its part, so that no one has to hand parts out.
/// </summary>
internal static class DataSplit
{
    /// <summary>The indices of the examples in each part, ascending. Parts are disjoint, never empty and cover everything.</summary>
    /// <param name="specification">The algorithm and its options.</param>
    /// <param name="count">The number of examples.</param>
    /// <param name="classes">The class of each example, from 0; empty for regression.</param>
    /// <param name="parts">The number of parts.</param>
    /// <param name="seed">The same seed gives the same parts on every platform.</param>
    /// <exception cref="DataException">There are too few examples, or no classes where the split needs them.</exception>
    public static int[][] Divide(SplitSpecification specification, int count, ReadOnlySpan<int> classes, int parts, ulong seed)
    {
        if (specification.NeedsClasses && classes.Length != count)
        {
            throw new DataException($"The split {specification} divides by class, and these data are for regression: use the split iid.");
        }

        if (count < parts)
        {
            throw new DataException($"{count} examples cannot be split over {parts} devices: use at most {count} devices.");
        }

        var divided = specification.Kind switch
        {
            SplitKind.Dirichlet => DirichletSplit.Divide(classes, parts, specification.Alpha, seed),
            SplitKind.Classes => ClassesSplit.Divide(classes, parts, specification.ClassesPerDevice, seed),
            _ => IidSplit.Divide(count, parts, seed),
        };
        foreach (var part in divided)
        {
            Array.Sort(part);
        }

        return divided;
    }
}
