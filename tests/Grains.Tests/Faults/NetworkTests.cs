using Orleans.Runtime;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Tests.Cluster;
using OrleansEdge.Grains.Tests.Rounds;

namespace OrleansEdge.Grains.Tests.Faults;

public sealed class NetworkTests
{
    [Fact]
    public async Task Connections_that_break_and_are_late_leave_the_weights_as_they_are()
    {
        var links = new LinkFaults(NetworkFaults.Parse("drop:0.02 delay:20ms~10ms seed:49"), TimeProvider.System);
        await using var fleet = await TestFleet.Start(network: links);
        fleet.Add(3);

        await Complete(fleet);

        Assert.True(links.Broken > 0, "no connection has broken");
    }

    [Fact]
    public async Task A_cut_in_mid_round_leaves_the_weights_as_they_are()
    {
        var cut = new NetworkCut(TimeProvider.System);
        await using var fleet = await TestFleet.Start(network: cut);
        var cuts = 0;
        fleet.Add(2);
        var cutter = fleet.New("p2");
        cutter.BeforeCommit = round =>
        {
            if (round.Number == 1 && Interlocked.Increment(ref cuts) == 1)
            {
                cut.Begin(TimeSpan.FromSeconds(1));
            }

            return Task.CompletedTask;
        };
        fleet.Add(cutter);

        await Complete(fleet);

        Assert.True(cuts > 1, "the update was not sent again");
    }

    private static async Task Complete(TestFleet fleet)
    {
        await Until(
            async () =>
            {
                await RestartTests.Present(fleet);
                await fleet.Site.Submit(TestFleet.JobFile(RestartTests.Job));
                return true;
            },
            "the submission");
        JobStatus? status = null;
        await Until(async () => (status = await fleet.Site.Status("j")).IsOver, "the end of the job");
        Assert.Equal((JobPhase.Completed, null), (status!.Phase, status.Failure));
        VersionRecord? version = null;
        await Until(async () => (version = await fleet.Site.Version("j")) is not null, "the version");
        Assert.Equal(await RestartTests.Undisturbed.Value, version!.Manifest);
    }

    /// <summary>Over the same bad network, so it is asked until there is an answer.</summary>
    private static Task Until(Func<Task<bool>> condition, string what) => Polling.Until(
        async () =>
        {
            try
            {
                return await condition().WaitAsync(TimeSpan.FromSeconds(5));
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                return false;
            }
        },
        what,
        60);
}
