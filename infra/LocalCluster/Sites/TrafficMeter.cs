namespace OrleansEdge.LocalCluster.Sites;

/// <summary>
/// Adds up the bytes at all gateways over the lives of their processes. What passed between the last sample and a kill is not counted.
/// </summary>
internal sealed class TrafficMeter
{
    private readonly Dictionary<(Uri Silo, DateTimeOffset StartedAt), Traffic> lives = [];

    /// <summary>Bytes from participants.</summary>
    public long BytesUp => lives.Values.Sum(traffic => traffic.BytesUp);

    /// <summary>Bytes to participants.</summary>
    public long BytesDown => lives.Values.Sum(traffic => traffic.BytesDown);

    /// <summary>Takes a sample of each silo that answers.</summary>
    public void Add(IEnumerable<(Uri Silo, Traffic Traffic)> samples)
    {
        foreach (var (silo, traffic) in samples)
        {
            lives[(silo, traffic.StartedAt)] = traffic;
        }
    }
}
