using OrleansEdge.Contracts.Faults.Network;

namespace OrleansEdge.Contracts.Tests.Faults.Network;

public sealed class LinkTimesTests
{
    [Fact]
    public void Bytes_wait_for_those_before_them_and_a_free_link_takes_them_at_once()
    {
        var throttle = new Throttle(8000);

        Assert.Equal(TimeSpan.FromSeconds(1), throttle.Send(TimeSpan.Zero, 1000));
        Assert.Equal(TimeSpan.FromSeconds(1.5), throttle.Send(TimeSpan.FromSeconds(0.2), 500));
        Assert.Equal(TimeSpan.FromSeconds(11), throttle.Send(TimeSpan.FromSeconds(10), 1000));
    }

    [Fact]
    public void Without_a_limit_nothing_waits() => Assert.Equal(TimeSpan.FromSeconds(3), new Throttle(null).Send(TimeSpan.FromSeconds(3), int.MaxValue));

    [Fact]
    public void Delays_stay_within_their_spread_and_keep_the_order()
    {
        var line = new DelayLine(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(50), new Random(1));
        var arrivals = Enumerable.Range(0, 1000).Select(second => line.Arrive(TimeSpan.FromSeconds(second)) - TimeSpan.FromSeconds(second)).ToList();

        Assert.All(arrivals, delay => Assert.InRange(delay.TotalMilliseconds, 150, 250));
        Assert.InRange(arrivals.Average(delay => delay.TotalMilliseconds), 195, 205);
        Assert.True(arrivals.Min() < TimeSpan.FromMilliseconds(160) && arrivals.Max() > TimeSpan.FromMilliseconds(240));

        var together = Enumerable.Range(0, 1000).Select(_ => line.Arrive(TimeSpan.FromSeconds(1000))).ToList();
        Assert.Equal(together.Order(), together);
    }

    [Fact]
    public void Same_seed_gives_the_same_delays()
    {
        static IEnumerable<TimeSpan> Delays(int seed)
        {
            var line = new DelayLine(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), new Random(seed));
            return [.. Enumerable.Range(0, 20).Select(second => line.Arrive(TimeSpan.FromSeconds(second)))];
        }

        Assert.Equal(Delays(3), Delays(3));
        Assert.NotEqual(Delays(3), Delays(4));
    }
}
