namespace OrleansEdge.LocalCluster.Sites;

/// <summary>
/// Adds up the bytes at a gateway over the lives of its process. What passed between the last sample and a kill is not counted.
/// </summary>
internal sealed class TrafficMeter
{
    private readonly Dictionary<DateTimeOffset, Traffic> lives = [];

    /// <summary>Bytes from participants.</summary>
    public long BytesUp => lives.Values.Sum(traffic => traffic.BytesUp);

    /// <summary>Bytes to participants.</summary>
    public long BytesDown => lives.Values.Sum(traffic => traffic.BytesDown);

    /// <summary>Takes a sample; none while the site does not answer.</summary>
    public void Add(Traffic? sample)
    {
        if (sample is not null)
        {
            lives[sample.StartedAt] = sample;
        }
    }
}
