namespace OrleansEdge.Benchmarks;

/// <summary>What is made of repeated measurements.</summary>
internal static class Statistics
{
    /// <summary>The median; of an even number of values the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
