namespace OrleansEdge.Contracts.Sites;

/// <summary>What both sides must agree on about messages.</summary>
public static class MessageLimits
{
    /// <summary>
    /// The largest message, in bytes: 16 MiB. Bulk travels in chunks of at most 1 MiB; the largest other message is the partial distances of
    /// a thousand updates.
    /// </summary>
    public const int MaximumBodySize = 16 << 20;
}
