using OrleansEdge.LocalCluster.Hierarchy;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Hierarchy;

public sealed class UplinkMeterTests
{
    private readonly UplinkMeter meter = new(SiteTree.Of(sites: 1, tiers: 2, devices: 1)[1], "digits");

    [Fact]
    public void Site_that_was_never_asked_is_neither_connected_nor_cut_off() => Assert.Null(meter.Progress.IsConnected);

    [Fact]
    public void Bytes_add_up_over_the_lives_of_a_silo()
    {
        meter.Add(process: 1, new() { BytesUp = 10, BytesDown = 1000 });
        meter.Add(process: 1, new() { BytesUp = 20, BytesDown = 2000 });
        meter.Add(process: 2, new() { BytesUp = 5, BytesDown = 500 });

        Assert.Equal((25, 2500), (meter.Progress.BytesUp, meter.Progress.BytesDown));
    }

    [Fact]
    public void Bytes_that_go_down_are_those_of_another_silo_that_has_taken_over()
    {
        meter.Add(process: 0, new() { BytesUp = 20, BytesDown = 2000 });
        meter.Add(process: 0, new() { BytesUp = 5, BytesDown = 500 });
        meter.Add(process: 0, new() { BytesUp = 6, BytesDown = 500 });

        Assert.Equal((26, 2500), (meter.Progress.BytesUp, meter.Progress.BytesDown));
    }

    [Fact]
    public void Job_of_the_run_is_followed_and_others_are_not()
    {
        meter.Add(1, new() { Connected = true, Jobs = [new("others", 9, 9, 9, 9, 9, 0.9), new("digits", 3, 7, 2, 1, 3, 0.5)] });

        Assert.Equal(
            new SiteProgress
            {
                Name = meter.Progress.Name,
                Parent = SiteTree.Root,
                IsConnected = true,
                ParentRound = 3,
                Rounds = 7,
                AutonomousRounds = 2,
                StaleUpdatesAccepted = 1,
                UpdatesAccepted = 3,
                Accuracy = 0.5,
            },
            meter.Progress);
    }

    [Fact]
    public void Silo_that_has_begun_anew_and_does_not_know_the_job_yet_leaves_what_was_known()
    {
        meter.Add(1, new() { Connected = true, Jobs = [new("digits", 3, 7, 2, 1, 3, 0.5)] });
        meter.Add(2, new() { Connected = false });

        Assert.Equal((false, 7, 0.5), (meter.Progress.IsConnected, meter.Progress.Rounds, meter.Progress.Accuracy));
    }
}
