using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Sites;

public sealed class TrafficMeterTests
{
    private static readonly Uri First = new("http://127.0.0.1:1");
    private static readonly Uri Second = new("http://127.0.0.1:2");

    [Fact]
    public void Bytes_of_all_silos_and_all_lives_of_their_processes_add_up()
    {
        var meter = new TrafficMeter();
        meter.Add([(First, new Traffic(100, 10, DateTimeOffset.UnixEpoch)), (Second, new Traffic(1000, 1000, DateTimeOffset.UnixEpoch))]);
        meter.Add([(First, new Traffic(250, 20, DateTimeOffset.UnixEpoch))]);
        meter.Add([]);
        meter.Add([(First, new Traffic(5, 7, DateTimeOffset.UnixEpoch.AddMinutes(1)))]);

        Assert.Equal((1255L, 1027L), (meter.BytesUp, meter.BytesDown));
    }
}
