using Microsoft.Extensions.DependencyInjection;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Sites;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Tests.Cluster;
using OrleansEdge.Grains.Tests.Rounds;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.Grains.Tests.Sites;

/// <summary>Three silos, and a client that knows which entry leads to which of them.</summary>
public sealed class EntryTests : IDisposable
{
    private const string Job = "rounds: 2\nparticipants: {perRound: 3, minimum: 1}";
    private CancellationTokenSource _lost = new();

    public static TheoryData<string> Points => ["staging", "staged", "folding"];

    public void Dispose() => _lost.Dispose();

    [Fact]
    public async Task Each_silo_has_an_entry_that_leads_to_it()
    {
        await using var cluster = await TestCluster.Start();
        var entries = Open(cluster);

        foreach (var silo in await Known(cluster, entries))
        {
            Assert.Equal(silo, await entries.To(silo)!.GetSilo());
        }

        Assert.Null(entries.To(0));
    }

    [Fact]
    public async Task After_a_silo_has_died_its_entry_is_answered_by_another_and_is_found_anew()
    {
        await using var cluster = await TestCluster.Start();
        var entries = Open(cluster);
        var victim = cluster.Cluster.Silos[0];
        var number = NumberOf(victim.ServiceProvider);
        await Known(cluster, entries);
        var entry = entries.To(number)!;

        await cluster.Kill(victim);
        var other = 0;
        await Polling.Until(() => TestCluster.Trying(async () => (other = await entry.GetSilo().AsTask().WaitAsync(FakeParticipant.CallLimit)) != number), "another silo's answer");
        using var old = Interlocked.Exchange(ref _lost, new());
        var living = await Known(cluster, entries);

        Assert.Contains(other, living);
        Assert.DoesNotContain(number, living);
        Assert.Null(entries.To(number));
    }

    [Fact]
    public async Task Content_is_read_from_one_silo_by_all()
    {
        await using var cluster = await TestCluster.Start();
        SiteEntries[] clients = [Open(cluster), Open(cluster)];
        byte[] bytes = [1, 2, 3];
        var hash = await new ContentStore(cluster.Store).Put(bytes, TestContext.Current.CancellationToken);
        foreach (var client in clients)
        {
            await Known(cluster, client);
            Assert.Equal(bytes, (await client.For(hash)!.Read(hash, 0, Chunk.PreferredLength, TestContext.Current.CancellationToken)).Span.ToArray());
        }

        var holders = cluster.Cluster.Silos.Count(silo => silo.ServiceProvider.GetRequiredService<ContentCache>().Used > 0);
        Assert.Equal(1, holders);
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_silo_that_dies_while_updates_come_in_at_its_entry_gives_the_same_weights(string point)
    {
        await using var cluster = await TestCluster.Start(ShardPoints.All.Single(known => known.Name == point), killRound: 1);
        var entries = Open(cluster);
        cluster.Add(3, participant => participant.Entries = entries.To);
        await cluster.Present();
        await Known(cluster, entries);
        await cluster.Submit(TestFleet.JobFile(Job));
        await cluster.Died;
        await cluster.KillWhoReachesThePoint();

        var status = await cluster.Ended("j");

        Assert.Equal((JobPhase.Completed, null), (status.Phase, status.Failure));
        Assert.Equal(await RestartTests.Undisturbed.Value, (await cluster.Version("j")).Manifest);
        Assert.All(cluster.Participants, participant => Assert.NotEqual(0, participant.SentThroughEntries));
    }

    private static int NumberOf(IServiceProvider silo) => SiloNumber.Of(silo.GetRequiredService<ILocalSiloDetails>());

    private SiteEntries Open(TestCluster cluster) => new(
        () => cluster.Grains, () => cluster.Cluster.Silos.Count(silo => silo.IsActive), () => Volatile.Read(ref _lost).Token, TimeProvider.System);

    /// <summary>The numbers of the living silos, when the entries to all are known.</summary>
    private static async Task<IReadOnlyList<int>> Known(TestCluster cluster, SiteEntries entries)
    {
        int[] numbers = [.. cluster.Cluster.Silos.Where(silo => silo.IsActive).Select(silo => NumberOf(silo.ServiceProvider))];
        await Polling.Until(() => numbers.All(number => entries.To(number) is not null), "the entries to all silos");
        return numbers;
    }
}
