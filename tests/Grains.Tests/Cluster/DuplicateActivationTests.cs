using System.Collections.Concurrent;
using OrleansEdge.Azurite;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Tests.Retention;
using OrleansEdge.Grains.Tests.Storage;

namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>
/// Two clusters on one store: every grain exists twice, for as long as the test wants, as it can for a moment when a silo is lost. What is
/// written is written once. For each kind of store.
/// </summary>
public abstract class DuplicateActivationTests : EachStoreTests
{
    [Fact]
    public async Task Two_activations_of_a_model_never_publish_two_versions_under_one_number()
    {
        await using var first = await TestCluster.Start(silos: 1, store: Store.Open());
        await using var second = await TestCluster.Start(silos: 1, store: first.Store);
        var published = new ConcurrentBag<VersionRecord>();
        await Task.WhenAll(PublishRounds(first, "a"), PublishRounds(second, "b"));

        Assert.Equal(Enumerable.Range(0, 20), published.Select(record => record.Id.Number).Order());
        await first.Cluster.DeactivateAsync(first.Grains.GetGrain<IModelGrain>("m"));
        foreach (var record in published)
        {
            var stored = await first.Version("m", record.Id.Number);
            Assert.Equal((record.Job, record.Round), (stored.Job, stored.Round));
        }

        async Task PublishRounds(TestCluster cluster, string job)
        {
            for (var round = 0; round < 10;)
            {
                try
                {
                    published.Add(await cluster.Grains.GetGrain<IModelControl>("m").Publish(await Draft(cluster, job, round)));
                    round++;
                }
                catch (Exception exception) when (exception is InvalidOperationException or Orleans.Storage.InconsistentStateException)
                {
                    // As a round does, it tries again.
                }
            }
        }
    }

    [Fact]
    public async Task A_round_that_is_over_publishes_nothing_more()
    {
        await using var cluster = await TestCluster.Start(silos: 1, store: Store.Open());
        var model = cluster.Grains.GetGrain<IModelControl>("m");
        await model.Publish(await Draft(cluster, "a", 0));
        var last = await model.Publish(await Draft(cluster, "a", 1));
        await model.Publish(await Draft(cluster, "b", 5));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await model.Publish(await Draft(cluster, "a", 0)));
        Assert.Equal("Round 0 of job 'a' is over: a later one has published.", refused.Message);
        Assert.Equal(last.Id, (await model.Publish(await Draft(cluster, "a", 1))).Id);
    }

    [Fact]
    public async Task A_job_on_two_silos_publishes_each_round_once_with_the_same_weights()
    {
        await using var first = await TestCluster.Start(silos: 1, store: Store.Open());
        await using var second = await TestCluster.Start(silos: 1, store: first.Store);
        first.Add(3);
        await first.Present();
        await first.Submit(TestFleet.JobFile("rounds: 2\nparticipants: {perRound: 3, minimum: 1}"));
        var touching = Touch();
        Assert.Equal(JobPhase.Completed, (await first.Ended("j")).Phase);
        await touching;

        Assert.Equal(await Rounds.RestartTests.Undisturbed.Value, (await first.Version("j")).Manifest);
        Assert.Equal(2, (await first.Version("j")).Id.Number);

        async Task Touch()
        {
            await Polling.Until(
                async () =>
                {
                    await second.Job("j").Touch();
                    return (await first.Job("j").GetStatus())!.IsOver;
                },
                "the end of the job");
        }
    }

    [Fact]
    public async Task A_participant_that_registered_elsewhere_is_not_taken_for_one_that_was_replaced()
    {
        await using var first = await TestCluster.Start(silos: 1, store: Store.Open());
        await using var second = await TestCluster.Start(silos: 1, store: first.Store);
        await using var before = new FakeParticipant("p0", () => second);
        await before.Register();
        Assert.Equal(SyncStanding.Current, (await before.Sync()).Standing);

        await using var again = new FakeParticipant("p0", () => first);
        await again.Register();
        var reply = await second.Grains.GetGrain<IParticipantGrain>("p0").Sync(
            new(again.Process, new(null, 0), [], [], Wait: false), Cancellation);

        Assert.Equal(SyncStanding.Current, reply.Standing);
        Assert.Equal(SyncStanding.Superseded, (await before.Sync()).Standing);
    }

    private static Task<VersionRecord> Draft(TestCluster cluster, string job, int round) =>
        StoredVersions.Draft(new ContentStore(cluster.Store), "m", round, job, round);
}

public sealed class FolderDuplicateActivationTests : DuplicateActivationTests
{
    private protected override Task<TestStore> Make() => Task.FromResult(TestStore.InFolder());
}

public sealed class AzureDuplicateActivationTests(AzuriteFixture azurite) : DuplicateActivationTests
{
    private protected override Task<TestStore> Make() => TestStore.In(azurite);
}
