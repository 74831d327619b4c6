using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Sites;

public sealed class TrafficMeterTests
{
    [Fact]
    public void Bytes_of_all_lives_of_a_process_add_up()
    {
        var meter = new TrafficMeter();
        meter.Add(new Traffic(100, 10, DateTimeOffset.UnixEpoch));
        meter.Add(new Traffic(250, 20, DateTimeOffset.UnixEpoch));
        meter.Add(null);
        meter.Add(new Traffic(5, 7, DateTimeOffset.UnixEpoch.AddMinutes(1)));

        Assert.Equal((255L, 27L), (meter.BytesUp, meter.BytesDown));
    }
}
