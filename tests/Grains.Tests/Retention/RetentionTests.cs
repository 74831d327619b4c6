using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansEdge.Azurite;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Retention;
using OrleansEdge.Grains.Retention.Marking;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Tests.Cluster;
using OrleansEdge.Grains.Tests.Storage;

namespace OrleansEdge.Grains.Tests.Retention;

public abstract class RetentionTests : EachStoreTests
{
    private static readonly IReadOnlySet<ModelVersionId> None = ImmutableHashSet<ModelVersionId>.Empty;

    [Fact]
    public async Task A_job_trains_on_while_everything_that_can_be_collected_is()
    {
        await using var fleet = await TestFleet.Start(store: Store);
        var collections = 0;
        foreach (var participant in new[] { fleet.New("p0"), fleet.New("p1") })
        {
            // One collection at least for each round.
            participant.BeforeUpload = round => Polling.Until(() => collections >= round.Number, $"collection {round.Number}");
            fleet.Add(participant);
        }

        await fleet.Site.Submit(TestFleet.JobFile("rounds: 8\nparticipants: {perRound: 2, minimum: 2}"));
        var services = Services(fleet);
        var orphan = await services.GetRequiredService<ContentStore>().Put("orphan"u8.ToArray(), Cancellation);
        await Polling.Until(
            async () =>
            {
                await services.GetRequiredService<VersionPruner>().Prune(
                    ModelName.Parse("j"), (await Decide(services, "j", new(1))).Pruned, Cancellation);
                await Collect(services);
                collections++;
                return (await fleet.Site.Status("j")).IsOver;
            },
            "the end of the job", 60);
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        await Prune(services, "j", new(1));
        await Collect(services);

        var head = await fleet.Site.Version("j");
        Assert.Equal(8, head.Id.Number);
        var content = services.GetRequiredService<ContentStore>();
        Assert.Null(await content.GetLength(orphan, Cancellation));
        Assert.Equal(await Names(fleet.Site.Store, ContentStore.Container), (await StoredVersions.ContentOf(content, head)).Select(hash => ContentStore.NameOf(hash).Path).Order());
        Assert.Equal(["j/00000008.json"], await Names(fleet.Site.Store, "models"));
        Assert.Equal(1000, (await fleet.Site.Weights(head)).Length);
    }

    [Fact]
    public async Task Pruned_version_says_so_and_cannot_be_promoted_or_begun_from()
    {
        await using var fleet = await TestFleet.Start(store: Store);
        var services = Services(fleet);
        for (var number = 0; number < 4; number++)
        {
            await Publish(services, number);
        }

        var model = fleet.Site.Grains.GetGrain<IModelControl>("m");
        await model.Promote(1);
        await Prune(services, "m", new(1));
        await Collect(services);

        var refused = await Assert.ThrowsAsync<VersionPrunedException>(() => fleet.Site.Version("m", 2));
        Assert.Equal("version m@2 has been pruned to make room: 'models show m' lists the versions that are kept.", refused.Message);
        Assert.False(await model.Promote(2));
        Assert.Equal(["m/00000001.json", "m/00000003.json"], await Names(fleet.Site.Store, "models"));
        Assert.Equal(new[] { new NumberRange(0, 0), new NumberRange(2, 2) }, (await model.GetVersions()).Pruned);

        fleet.Add(1);
        await fleet.Site.Submit("job: k\nfrom: m@2\npublish: m\ndata: d\nrounds: 1\nevaluation: none\n");
        var status = await fleet.Site.Ended("k");
        Assert.Equal((JobPhase.Failed, refused.Message), (status.Phase, status.Failure));
    }

    [Fact]
    public async Task A_version_that_a_running_job_begins_from_is_kept_until_the_job_is_over()
    {
        await using var fleet = await TestFleet.Start(store: Store);
        var services = Services(fleet);
        await Publish(services, 0);
        await Publish(services, 1);
        await fleet.Site.Submit("job: waiting\nfrom: m@0\npublish: other\ndata: nobody-has-it\nrounds: 1\nevaluation: none\n");

        Assert.Equal(KeepReason.InUse, (await Decide(services, "m", new(1))).Kept[1].Reason);
        await fleet.Site.Job("waiting").Stop();
        Assert.Equal([0], (await Decide(services, "m", new(1))).Pruned);
    }

    [Fact]
    public async Task Content_is_spared_until_its_grace_is_over()
    {
        await using var fleet = await TestFleet.Start(store: Store);
        var services = Services(fleet);
        await Publish(services, 0);
        await services.GetRequiredService<ContentStore>().Put("orphan"u8.ToArray(), Cancellation);
        var collector = services.GetRequiredService<ContentCollector>();

        Assert.Equal(new(0, 0, 1, 6), await collector.Collect(TimeSpan.FromHours(1), None, isDryRun: false, Cancellation));
        Assert.Equal(new(1, 6, 0, 0), await collector.Collect(TimeSpan.Zero, None, isDryRun: true, Cancellation));
        Assert.Equal(new(1, 6, 0, 0), await collector.Collect(TimeSpan.Zero, None, isDryRun: false, Cancellation));
        Assert.Equal(new(0, 0, 0, 0), await collector.Collect(TimeSpan.Zero, None, isDryRun: false, Cancellation));
    }

    [Fact]
    public async Task Nothing_is_deleted_where_a_manifest_cannot_be_read()
    {
        await using var fleet = await TestFleet.Start(store: Store);
        var services = Services(fleet);
        var record = await Publish(services, 0);
        var blobs = services.GetRequiredService<IBlobStore>();
        await services.GetRequiredService<ContentStore>().Put("orphan"u8.ToArray(), Cancellation);
        await blobs.Write(ContentStore.NameOf(record.Manifest), "garbage"u8.ToArray(), cancellation: Cancellation);
        var before = await Names(fleet.Site.Store, ContentStore.Container);

        var damage = await Assert.ThrowsAsync<DamagedContentException>(() => Collect(services));
        Assert.Equal(record.Manifest, damage.Hash);
        Assert.Equal(before, await Names(fleet.Site.Store, ContentStore.Container));
    }

    [Fact]
    public async Task State_of_a_round_that_is_over_is_taken_away()
    {
        await using var fleet = await TestFleet.Start(store: Store);
        var services = Services(fleet);
        var round = fleet.Site.Grains.GetGrain<IRoundControl>("gone:3");
        await round.Open(Plan(), [ParticipantId.Parse("p0")], 1);
        Assert.Single(await fleet.States("round-round"));
        var rounds = services.GetRequiredService<RoundCollector>();

        Assert.Equal(0, await rounds.Collect(TimeSpan.FromHours(1), Cancellation));
        Assert.Equal(1, await rounds.Collect(TimeSpan.Zero, Cancellation));
        Assert.Empty(await fleet.States("round-round"));
    }

    private static RoundPlan Plan() => new()
    {
        Instruction = new InitialiseInstruction
        {
            Id = new(RoundKey.Parse("gone:3"), InstructionKind.Initialise),
            Source = new("logistic", null),
            Task = ContentHash.Of([]),
        },
        Strategy = new("fedavg", ImmutableSortedDictionary<string, double>.Empty),
        Model = ModelName.Parse("m"),
        Deadline = TimeSpan.FromMinutes(5),
        Source = new("logistic", null),
        Task = ContentHash.Of([]),
    };

    private static IServiceProvider Services(TestFleet fleet) => fleet.Site.Cluster.Silos[0].ServiceProvider;

    private static async Task<VersionRecord> Publish(IServiceProvider services, int number) => await services.GetRequiredService<IGrainFactory>()
        .GetGrain<IModelControl>("m").Publish(await StoredVersions.Draft(services.GetRequiredService<ContentStore>(), "m", number));

    private static Task<RetentionDecision> Decide(IServiceProvider services, string model, RetentionPolicy policy) =>
        services.GetRequiredService<VersionPruner>().Decide(ModelName.Parse(model), policy, Cancellation);

    private static async Task Prune(IServiceProvider services, string model, RetentionPolicy policy) =>
        await services.GetRequiredService<VersionPruner>().Prune(ModelName.Parse(model), (await Decide(services, model, policy)).Pruned, Cancellation);

    private static Task<CollectionReport> Collect(IServiceProvider services) =>
        services.GetRequiredService<ContentCollector>().Collect(TimeSpan.Zero, None, isDryRun: false, Cancellation);
}

public sealed class FolderRetentionTests : RetentionTests
{
    private protected override Task<TestStore> Make() => Task.FromResult(TestStore.InFolder());
}

public sealed class AzureRetentionTests(AzuriteFixture azurite) : RetentionTests
{
    private protected override Task<TestStore> Make() => TestStore.In(azurite);
}
