using System.Text;
using OrleansEdge.Azurite;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Tests.Cluster;
using OrleansEdge.Grains.Tests.Rounds;

namespace OrleansEdge.Grains.Tests.Storage.Faults;

/// <summary>What is wrong with the store is said, waited for, and never made worse; for each kind of store.</summary>
public abstract class StorageFaultTests : EachStoreTests
{
    [Fact]
    public async Task Store_that_is_away_in_mid_round_is_named_by_the_waiting_job_which_then_completes()
    {
        await using var fleet = await TestFleet.Start(store: Store);
        var away = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Submit(fleet, async () =>
        {
            await Polling.Until(async () => (await fleet.Site.Status("j")).OpenRound?.Committed == 2, "the updates of the others");
            fleet.Site.Store.Die();
            away.TrySetResult();
        });
        await away.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
        await Polling.Until(async () => (await fleet.Site.Status("j")).Waiting == "The store is dead.", "the job that says that the store is away");
        fleet.Site.Store.Revive();
        await RequireUndisturbed(fleet);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("truncated")]
    [InlineData("missing")]
    public async Task Nothing_is_made_of_a_damaged_base_version_and_the_job_goes_on_when_it_is_restored(string damage)
    {
        await using var fleet = await TestFleet.Start(store: Store);
        var damaged = new TaskCompletionSource<(BlobName Blob, byte[] Good, byte[]? Bad)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Submit(fleet, async () =>
        {
            var blob = await BlobOfBase(fleet);
            var good = (await fleet.Site.Store.Read(blob))!.Bytes.ToArray();
            damaged.TrySetResult((blob, good, await Damage(fleet, blob, good, damage)));
        });
        var (blob, good, bad) = await damaged.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
        await Polling.Until(
            async () => (await fleet.Site.Status("j")).Waiting is { } sentence && sentence.Contains(fleet.Site.Store.Describe(blob), StringComparison.Ordinal),
            "the job that names the damaged blob");
        Assert.Equal(bad, (await fleet.Site.Store.Read(blob, Cancellation))?.Bytes.ToArray());
        Assert.Equal(0, (await fleet.Site.Version("j")).Id.Number);
        await fleet.Site.Store.Write(blob, good, cancellation: Cancellation);
        await RequireUndisturbed(fleet);
    }

    [Theory]
    [InlineData("job-job")]
    [InlineData("round-round")]
    [InlineData("model-model")]
    public async Task Garbage_in_place_of_a_state_is_named_and_left_and_the_job_goes_on_when_it_is_restored(string state)
    {
        await using var fleet = await TestFleet.Start(store: Store);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Submit(fleet, () =>
        {
            fleet.Site.Store.Die();
            reached.TrySetResult();
            return Task.CompletedTask;
        });
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
        var (blob, good) = await fleet.ChangeAbandoned(state, _ => "garbage");

        await fleet.Restart();
        await Polling.Until(() => SaysDamaged(fleet, blob), "somebody who names the damaged state");
        Assert.Equal("garbage", Encoding.UTF8.GetString((await fleet.Site.Store.Read(blob, Cancellation))!.Bytes.Span));

        await fleet.Site.Store.Write(blob, good, cancellation: Cancellation);
        await RequireUndisturbed(fleet);
    }

    private static async Task<bool> SaysDamaged(TestFleet fleet, BlobName blob)
    {
        var place = fleet.Site.Store.Describe(blob);
        try
        {
            return (await fleet.Site.Status("j")).Waiting is { } sentence && sentence.Contains(place, StringComparison.Ordinal);
        }
        catch (Exception exception) when (StorageTrouble.Find(exception) is { } sentence)
        {
            return sentence.Contains(place, StringComparison.Ordinal);
        }
    }

    /// <summary>Two rounds with three participants, of which one does something before it commits its first update.</summary>
    private static async Task Submit(TestFleet fleet, Func<Task> beforeCommit)
    {
        fleet.Add(2);
        var last = fleet.New("p2");
        var done = 0;
        last.BeforeCommit = round => round.Number == 1 && Interlocked.Exchange(ref done, 1) == 0 ? beforeCommit() : Task.CompletedTask;
        fleet.Add(last);
        await RestartTests.Present(fleet);
        await fleet.Site.Submit(TestFleet.JobFile(RestartTests.Job));
    }

    private static async Task RequireUndisturbed(TestFleet fleet)
    {
        var status = await fleet.Site.Ended("j");
        Assert.Equal((JobPhase.Completed, null), (status.Phase, status.Failure));
        Assert.Equal(await RestartTests.Undisturbed.Value, (await fleet.Site.Version("j")).Manifest);
    }

    private static async Task<BlobName> BlobOfBase(TestFleet fleet)
    {
        var content = new ContentStore(fleet.Site.Store);
        var manifest = ModelManifest.Parse(await content.Read((await fleet.Site.Version("j", 0)).Manifest));
        return ContentStore.NameOf(manifest.WeightShards[0]);
    }

    private static async Task<byte[]?> Damage(TestFleet fleet, BlobName blob, byte[] good, string damage)
    {
        if (damage == "missing")
        {
            await fleet.Site.Store.Delete(blob);
            return null;
        }

        byte[] bad = damage == "flipped" ? [.. good] : good[..^1];
        bad[0] ^= 0x40;
        await fleet.Site.Store.Write(blob, bad);
        return bad;
    }
}

public sealed class FolderStorageFaultTests : StorageFaultTests
{
    private protected override Task<TestStore> Make() => Task.FromResult(TestStore.InFolder());
}

public sealed class AzureStorageFaultTests(AzuriteFixture azurite) : StorageFaultTests
{
    private protected override Task<TestStore> Make() => TestStore.In(azurite);
}
