using OrleansEdge.Grains.Sites;

namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>A link to a parent that can be away.</summary>
internal sealed class FakeUplink : IUplink
{
    public bool IsAway { get; set; }

    public string? InstanceKey { get; private set; }

    public UplinkStatus Status => new() { Connected = !IsAway };

    public Task Run(string instanceKey, CancellationToken cancellation)
    {
        InstanceKey = instanceKey;
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
    }
}
