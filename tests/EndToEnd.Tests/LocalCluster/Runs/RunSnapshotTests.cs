using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Runs;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Runs;

public sealed class RunSnapshotTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Time_left_is_unknown_before_the_first_round_is_over()
    {
        Assert.Null(new RunSnapshot { Rounds = 5, Job = new JobProgress() }.TimeLeft);
    }

    [Fact]
    public void Time_left_counts_the_rounds_to_come_less_what_has_passed_of_the_next()
    {
        var snapshot = new RunSnapshot
        {
            Rounds = 5,
            Job = new JobProgress(),
            Finished = [Round(1, Start), Round(2, Start.AddSeconds(10))],
            Now = Start.AddSeconds(14),
        };

        Assert.Equal(TimeSpan.FromSeconds(26), snapshot.TimeLeft);
    }

    [Fact]
    public void Time_left_is_never_negative()
    {
        var snapshot = new RunSnapshot { Rounds = 2, Job = new JobProgress(), Finished = [Round(1, Start)], Now = Start.AddHours(1) };

        Assert.Equal(TimeSpan.Zero, snapshot.TimeLeft);
    }

    private static RoundRecord Round(int number, DateTimeOffset endedAt) => new(number, null, 1, 2, 0, 0.5, null, 8, endedAt);
}
