using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Placement;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Surveys;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Placement;

/// <summary>Three silos, and where the grains of a job are.</summary>
public sealed class NearJobTests
{
    private static readonly JobId Digits = JobId.Parse("digits");
    private static readonly RoundKey First = new(Digits, 1);
    private static readonly ShardContributors NothingStaged = new(0, [new(ParticipantId.Parse("nobody"), sizeof(float), default)]);

    [Fact]
    public async Task Job_its_rounds_and_its_surveys_share_a_silo_and_shards_are_spread_from_there()
    {
        await using var cluster = await TestCluster.Start();
        var order = Order(cluster);

        await Activate(cluster, shards: 4);

        Assert.All(await Together(cluster), home => Assert.Equal(order[0], home));
        Assert.Equal([order[0], order[1], order[2], order[0]], await Shards(cluster, 4));
    }

    [Fact]
    public async Task When_the_silo_of_a_job_is_gone_the_next_in_order_takes_all_of_it()
    {
        await using var cluster = await TestCluster.Start();
        var order = Order(cluster);
        await Activate(cluster, shards: 2);

        await cluster.Kill(cluster.Cluster.Silos.Single(silo => silo.SiloAddress.Equals(order[0])));
        await Polling.Until(() => TestCluster.Trying(async () => await Activate(cluster, shards: 2)), "the job's grains in other silos");

        Assert.All(await Together(cluster), home => Assert.Equal(order[1], home));
        Assert.Equal(order[1], (await Shards(cluster, 1)).Single());
    }

    private static ImmutableArray<SiloAddress> Order(TestCluster cluster) =>
        SiloOrder.Of(Digits.Value, cluster.Cluster.Silos.Select(silo => silo.SiloAddress));

    private static IRoundControl Round(TestCluster cluster) => cluster.Grains.GetGrain<IRoundControl>(First.ToString());

    private static ISurveyControl Survey(TestCluster cluster) =>
        cluster.Grains.GetGrain<ISurveyControl>(SurveyKey.Of(new InstructionId(First, InstructionKind.Evaluate)));

    private static IShardControl Shard(TestCluster cluster, int index) => cluster.Grains.GetGrain<IShardControl>(new ShardKey(First, index).ToString());

    private static async Task<bool> Activate(TestCluster cluster, int shards)
    {
        await cluster.Job(Digits.Value).GetStatus().WaitAsync(FakeParticipant.CallLimit);
        await Round(cluster).GetStatus().AsTask().WaitAsync(FakeParticipant.CallLimit);
        await Survey(cluster).GetStatus().AsTask().WaitAsync(FakeParticipant.CallLimit);
        for (var index = 0; index < shards; index++)
        {
            await Shard(cluster, index).Measure(NothingStaged).WaitAsync(FakeParticipant.CallLimit);
        }

        return true;
    }

    private static async Task<SiloAddress[]> Together(TestCluster cluster) =>
    [
        (await cluster.Host(cluster.Job(Digits.Value))).SiloAddress,
        (await cluster.Host(Round(cluster))).SiloAddress,
        (await cluster.Host(Survey(cluster))).SiloAddress,
    ];

    private static Task<SiloAddress[]> Shards(TestCluster cluster, int count) => Task.WhenAll(
        Enumerable.Range(0, count).Select(async index => (await cluster.Host(Shard(cluster, index))).SiloAddress));
}
