using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Rounds;

public sealed class RestartTests
{
    // The minimum is below the number of participants on purpose: whoever comes back first must not be selected alone.
    internal const string Job = "rounds: 2\nparticipants: {perRound: 3, minimum: 1}";

    /// <summary>The last version of two rounds with three participants when nothing goes wrong.</summary>
    internal static Lazy<Task<ContentHash>> Undisturbed { get; } = new(async () =>
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(3);
        await Present(fleet);
        await fleet.Site.Submit(TestFleet.JobFile(Job));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        return (await fleet.Site.Version("j")).Manifest;
    });

    public static TheoryData<string, int> Points =>
        new(SiloPoints.All.Concat(ShardPoints.All).Select((point, index) => (point.Name, index % 3)).ToArray());

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_silo_that_dies_at_any_point_gives_the_same_weights(string point, int round)
    {
        await using var fleet = await TestFleet.Start(
            killPoint: SiloPoints.All.Concat(ShardPoints.All).Single(known => known.Name == point), killRound: round);
        fleet.Add(3);
        await Present(fleet);
        await fleet.Site.Submit(TestFleet.JobFile(Job));
        await fleet.Site.Died.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await fleet.Restart();
        var status = await fleet.Site.Ended("j");
        Assert.Equal((JobPhase.Completed, null), (status.Phase, status.Failure));
        var version = await fleet.Site.Version("j");
        Assert.Equal(2, version.Id.Number);
        Assert.Equal(3, version.Contributors.Length);
        Assert.Equal(await Undisturbed.Value, version.Manifest);
        await Polling.Until(() => fleet.Participants.All(participant => participant.Outbox.Count == 0), "the empty outboxes");
        await Polling.Until(async () => (await fleet.States("round-")).Count == 0, "no state of a round is left");
    }

    [Fact]
    public async Task A_store_that_fails_for_a_while_changes_nothing()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(2);
        var breaker = fleet.New("p2");
        breaker.BeforeCommit = async round =>
        {
            if (round.Number == 1)
            {
                fleet.Site.Store.Die();
                await Polling.Pause(CancellationToken.None);
                _ = Task.Run(async () =>
                {
                    for (var tick = 0; tick < 20; tick++)
                    {
                        await Polling.Pause(CancellationToken.None);
                    }

                    fleet.Site.Store.Revive();
                });
            }
        };
        fleet.Add(breaker);
        await Present(fleet);
        await fleet.Site.Submit(TestFleet.JobFile(Job));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal(await Undisturbed.Value, (await fleet.Site.Version("j")).Manifest);
    }

    internal static Task Present(TestFleet fleet) => Polling.Until(
        async () => (await fleet.Site.Grains.GetGrain<IFleetGrain>(StorageNames.Fleet).List()).Length == 3, "three participants");
}
