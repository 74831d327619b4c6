using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Rounds;

/// <summary>A site of three silos, one of which dies: the others bring the round to the same end.</summary>
public sealed class SeveralSilosTests
{
    private const string Job = "rounds: 2\nparticipants: {perRound: 3, minimum: 1}";

    public static TheoryData<string, int> Points =>
        new(SiloPoints.All.Concat(ShardPoints.All).Select((point, index) => (point.Name, index % 3)).ToArray());

    public static TheoryData<string> Hosts => ["round", "shard", "job", "fleet", "model", "participant"];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_silo_that_dies_with_the_round_or_a_shard_gives_the_same_weights(string point, int round)
    {
        await using var cluster = await TestCluster.Start(SiloPoints.All.Concat(ShardPoints.All).Single(known => known.Name == point), round);
        cluster.Add(3);
        await cluster.Present();
        await cluster.Submit(TestFleet.JobFile(Job));
        await cluster.Died;
        await cluster.KillWhoReachesThePoint();
        await RequireUndisturbed(cluster);
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task A_silo_that_dies_with_a_grain_of_the_round_gives_the_same_weights(string host)
    {
        await using var cluster = await TestCluster.Start();
        var gate = await OpenRoundOfThreeWithTwoCommits(cluster);
        await cluster.Kill(await cluster.Host(Grain(cluster, host)));
        gate.SetResult();
        await RequireUndisturbed(cluster);
    }

    [Fact]
    public async Task A_rolling_restart_of_all_silos_during_a_round_loses_nothing()
    {
        await using var cluster = await TestCluster.Start();
        var gate = await OpenRoundOfThreeWithTwoCommits(cluster);
        foreach (var silo in cluster.Cluster.Silos.ToList())
        {
            await cluster.Cluster.StopSiloAsync(silo, TestContext.Current.CancellationToken);
            await cluster.Cluster.StartAdditionalSiloAsync();
        }

        gate.SetResult();
        await RequireUndisturbed(cluster);
    }

    private static IAddressable Grain(TestCluster cluster, string host) => host switch
    {
        "round" => cluster.Grains.GetGrain<IRoundGrain>("j:1"),
        "shard" => cluster.Grains.GetGrain<IShardGrain>("j:1:0"),
        "job" => cluster.Job("j"),
        "fleet" => cluster.Grains.GetGrain<IFleetGrain>(StorageNames.Fleet),
        "model" => cluster.Grains.GetGrain<Contracts.Models.IModelGrain>("j"),
        _ => cluster.Grains.GetGrain<IParticipantGrain>("p2"),
    };

    /// <summary>The third commit of round 1 waits for the answer's completion.</summary>
    private static async Task<TaskCompletionSource> OpenRoundOfThreeWithTwoCommits(TestCluster cluster)
    {
        var gate = new TaskCompletionSource();
        cluster.Add(2);
        var last = cluster.New("p2");
        last.BeforeCommit = round => round.Number == 1 ? gate.Task : Task.CompletedTask;
        cluster.Add(last);
        await cluster.Present();
        await cluster.Submit(TestFleet.JobFile(Job));
        await Polling.Until(async () => (await cluster.Job("j").GetStatus())!.OpenRound is { Round.Number: 1, Committed: 2 }, "two commits");
        return gate;
    }

    private static async Task RequireUndisturbed(TestCluster cluster)
    {
        var status = await cluster.Ended("j");
        Assert.Equal((JobPhase.Completed, null), (status.Phase, status.Failure));
        var version = await cluster.Version("j");
        Assert.Equal(2, version.Id.Number);
        Assert.Equal(3, version.Contributors.Length);
        Assert.Equal(await RestartTests.Undisturbed.Value, version.Manifest);
        await Polling.Until(() => cluster.Participants.All(participant => participant.Outbox.Count == 0), "the empty outboxes");
    }
}
