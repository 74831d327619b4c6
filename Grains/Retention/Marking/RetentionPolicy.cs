namespace OrleansEdge.Grains.Retention.Marking;

/// <summary>How the best version is found.</summary>
public enum RetentionMetric
{
    /// <summary>The highest share of right answers.</summary>
    Accuracy = 0,

    /// <summary>The lowest mean loss.</summary>
    Loss = 1,
}

/// <summary>Which versions of a model are kept, besides the newest, the promoted ones, and those that a running job needs.</summary>
/// <param name="KeepLast">So many of the newest, 1 or more; null for all.</param>
/// <param name="KeepBest">Also the best one; null for none.</param>
public sealed record RetentionPolicy(int? KeepLast, RetentionMetric? KeepBest = null);
