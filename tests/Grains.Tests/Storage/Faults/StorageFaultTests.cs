using System.Text;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Tests.Cluster;
using OrleansEdge.Grains.Tests.Rounds;

namespace OrleansEdge.Grains.Tests.Storage.Faults;

/// <summary>What is wrong with the store is said, waited for, and never made worse.</summary>
public sealed class StorageFaultTests
{
    [Fact]
    public async Task Store_that_is_away_in_mid_round_is_named_by_the_waiting_job_which_then_completes()
    {
        await using var fleet = await TestFleet.Start();
        var away = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Submit(fleet, async () =>
        {
            await Polling.Until(async () => (await fleet.Site.Status("j")).OpenRound?.Committed == 2, "the updates of the others");
            fleet.Site.Store.Die();
            away.TrySetResult();
        });
        await away.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
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
        await using var fleet = await TestFleet.Start();
        var damaged = new TaskCompletionSource<(string File, byte[] Good, byte[]? Bad)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Submit(fleet, async () =>
        {
            var file = await FileOfBase(fleet);
            var good = await File.ReadAllBytesAsync(file);
            damaged.TrySetResult((file, good, await Damage(file, good, damage)));
        });
        var (file, good, bad) = await damaged.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        await Polling.Until(
            async () => (await fleet.Site.Status("j")).Waiting is { } sentence && sentence.Contains(file, StringComparison.Ordinal),
            "the job that names the damaged file");
        Assert.Equal(bad, File.Exists(file) ? await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken) : null);
        Assert.Equal(0, (await fleet.Site.Version("j")).Id.Number);
        await File.WriteAllBytesAsync(file, good, TestContext.Current.CancellationToken);
        await RequireUndisturbed(fleet);
    }

    [Theory]
    [InlineData("job-job")]
    [InlineData("round-round")]
    [InlineData("model-model")]
    public async Task Garbage_in_place_of_a_state_is_named_and_left_and_the_job_goes_on_when_it_is_restored(string state)
    {
        await using var fleet = await TestFleet.Start();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Submit(fleet, () =>
        {
            fleet.Site.Store.Die();
            reached.TrySetResult();
            return Task.CompletedTask;
        });
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        fleet.Site.Abandon();
        var file = fleet.States(state).Single().FullName;
        var good = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, "garbage", TestContext.Current.CancellationToken);

        await fleet.Restart();
        await Polling.Until(() => SaysDamaged(fleet, file), "somebody who names the damaged state");
        Assert.Equal("garbage", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

        // Whole at once: half a file would be yet another state.
        await File.WriteAllBytesAsync(file + ".whole", good, TestContext.Current.CancellationToken);
        File.Move(file + ".whole", file, overwrite: true);
        await RequireUndisturbed(fleet);
    }

    private static async Task<bool> SaysDamaged(TestFleet fleet, string file)
    {
        try
        {
            return (await fleet.Site.Status("j")).Waiting is { } sentence && sentence.Contains(file, StringComparison.Ordinal);
        }
        catch (Exception exception) when (StorageTrouble.Find(exception) is { } sentence)
        {
            return sentence.Contains(file, StringComparison.Ordinal);
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

    private static async Task<string> FileOfBase(TestFleet fleet)
    {
        var content = new ContentStore(fleet.Site.Store);
        var manifest = ModelManifest.Parse(await content.Read((await fleet.Site.Version("j", 0)).Manifest));
        return fleet.Site.Store.Describe(ContentStore.NameOf(manifest.WeightShards[0]));
    }

    private static async Task<byte[]?> Damage(string file, byte[] good, string damage)
    {
        if (damage == "missing")
        {
            File.Delete(file);
            return null;
        }

        byte[] bad = damage == "flipped" ? [.. good] : good[..^1];
        bad[0] ^= 0x40;
        await File.WriteAllBytesAsync(file, bad);
        return bad;
    }
}
