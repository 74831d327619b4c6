using OrleansEdge.Contracts.Faults.Network;

namespace OrleansEdge.Contracts.Tests.Faults.Network;

public sealed class NetworkFaultsTests
{
    [Fact]
    public void All_words_together_are_read()
    {
        var faults = NetworkFaults.Parse(" drop:0.02 delay:200ms~50ms  bandwidth:1mbit partition:20s@3 seed:7 ");

        Assert.Equal(
            new NetworkFaults
            {
                Drop = 0.02,
                Delay = TimeSpan.FromMilliseconds(200),
                DelaySpread = TimeSpan.FromMilliseconds(50),
                Bandwidth = 1_000_000,
                Partition = new(TimeSpan.FromSeconds(20), 3),
                Seed = 7,
            },
            faults);
        Assert.Equal(faults, NetworkFaults.Parse(faults.ToString()));
    }

    [Theory]
    [InlineData("drop:0", false)]
    [InlineData("drop:1", true)]
    [InlineData("delay:2s", true)]
    [InlineData("bandwidth:0.5gbit", true)]
    [InlineData("partition:1m@0", false)]
    public void One_word_is_enough(string text, bool hasLinkFaults) => Assert.Equal(hasLinkFaults, NetworkFaults.Parse(text).HasLinkFaults);

    [Theory]
    [InlineData("")]
    [InlineData("drop")]
    [InlineData("drop:2")]
    [InlineData("drop:-1")]
    [InlineData("drop:much")]
    [InlineData("drop:0.1 drop:0.2")]
    [InlineData("delay:200")]
    [InlineData("delay:50ms~200ms")]
    [InlineData("delay:1s~1s~1s")]
    [InlineData("delay:2000m")]
    [InlineData("bandwidth:1mb")]
    [InlineData("bandwidth:0mbit")]
    [InlineData("partition:20s")]
    [InlineData("partition:0s@3")]
    [InlineData("partition:20s@x")]
    [InlineData("seed:x")]
    [InlineData("dorp:0.1")]
    public void Anything_else_is_refused_in_one_sentence(string text)
    {
        var exception = Assert.Throws<FormatException>(() => NetworkFaults.Parse(text));

        Assert.Matches("^[^\n]+: [^\n]+\\.$", exception.Message);
    }
}
