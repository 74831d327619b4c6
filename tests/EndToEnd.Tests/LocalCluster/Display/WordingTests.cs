using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Display;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Display;

public sealed class WordingTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_500, "1.5 kB")]
    [InlineData(123_456_789, "123 MB")]
    public void Bytes_are_written_with_a_unit(long bytes, string text) => Assert.Equal(text, Wording.Bytes(bytes));

    [Theory]
    [InlineData(5, "0:05")]
    [InlineData(65, "1:05")]
    [InlineData(3_725, "1:02:05")]
    public void Duration_is_written_as_on_a_clock(int seconds, string text) => Assert.Equal(text, Wording.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Round_is_told_in_a_line()
    {
        var round =
            new RoundRecord(2, ModelVersionId.Parse("digits@2"), 1, 4, 0, 0.25, new Evaluation(0.1, 0.9512, 1000), 12.34, DateTimeOffset.UnixEpoch);

        Assert.Equal("round 2 of 5: 4 updates, training loss 0.2500, accuracy 95.12 %, 12.3 s", Wording.Round(round, 5));
    }

    [Fact]
    public void Round_without_a_version_is_told_as_skipped()
    {
        var round = new RoundRecord(2, null, 1, 1, 3, null, null, 300, DateTimeOffset.UnixEpoch);

        Assert.Equal("round 2 of 5: skipped, 300.0 s", Wording.Round(round, 5));
    }

    [Fact]
    public void Round_that_was_not_measured_is_told_with_the_reason()
    {
        var round = new RoundRecord(2, ModelVersionId.Parse("digits@2"), 1, 4, 0, 0.25, null, 1, DateTimeOffset.UnixEpoch) { Unmeasured = "'dev1' says: no test set." };

        Assert.Equal("round 2 of 5: 4 updates, training loss 0.2500, not measured ('dev1' says: no test set), 1.0 s", Wording.Round(round, 5));
    }
}
