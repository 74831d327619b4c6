using Microsoft.Extensions.DependencyInjection;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Rounds;

/// <summary>A participant that was chosen and means harm.</summary>
public sealed class HostileParticipantTests
{
    private const int ShardLength = 4 << 20;
    private const string TwoOfWhomOneIsEnough = "rounds: 1\nparticipants: {perRound: 2, minimum: 2}\nquorum: 1\ndeadline: 5s";

    [Fact]
    public async Task What_it_stages_and_never_commits_is_bounded_and_given_back_at_the_end()
    {
        await using var fleet = await TestFleet.Start();
        var attack = new TaskCompletionSource<(UploadStanding[] Elsewhere, long Memory)>();
        var over = new TaskCompletionSource();
        var evil = fleet.New("p1");
        evil.BeforeUpload = async round =>
        {
            if (round.Number > 0)
            {
                attack.TrySetResult(await Attack(fleet, evil.Id, round));
                await over.Task;
            }
        };
        fleet.Add(1);
        fleet.Add(evil);
        await fleet.Site.Submit(TestFleet.JobFile(TwoOfWhomOneIsEnough));

        using var end = new Ending(over);
        var (elsewhere, memory) = await attack.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.All(elsewhere, standing => Assert.Equal(UploadStanding.RoundOver, standing));
        Assert.InRange(memory, ShardLength, ShardLength + (1 << 20));

        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal(["p0"], (await fleet.Site.Version("j")).Contributors.Select(contributor => contributor.Value));
        await Polling.Until(() => Services(fleet).GetRequiredService<StagingArea>() is { MemoryUsed: 0, Spilled: 0, Owners: 0 }, "the memory to be given back");
        Assert.Equal(0, Services(fleet).GetRequiredService<PermitBudget>().Count);
    }

    [Fact]
    public async Task Its_reason_is_kept_short_and_on_its_line()
    {
        await using var fleet = await TestFleet.Start();
        var evil = new FakeParticipant("p1", () => fleet.Site)
        {
            Refuse = instruction => instruction.Id.Kind == InstructionKind.Train ? "no\n2026-01-01 crit: all is lost" + new string('a', 1 << 20) : null,
        };
        fleet.Add(1);
        fleet.Add(evil);
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 2, minimum: 2}\nonMissedQuorum: fail"));

        var failure = (await fleet.Site.Ended("j")).Failure!;
        Assert.Contains("'p1' says: no", failure, StringComparison.Ordinal);
        Assert.InRange(failure.Length, 1, 2 * ForeignText.MaximumSentence);
        Assert.DoesNotContain('\n', failure);
    }

    private static async Task<(UploadStanding[] Elsewhere, long Memory)> Attack(TestFleet fleet, ParticipantId evil, RoundKey round)
    {
        var header = new UploadHeader(evil, ShardLength, default);
        var chunk = new Chunk(new byte[Chunk.PreferredLength]);
        var elsewhere = new List<UploadStanding>();
        for (var shard = 1; shard < 30; shard++)
        {
            elsewhere.Add((await Shard(shard).Append(header, 0, chunk)).Standing);
        }

        for (var attempt = 0; attempt < 20; attempt++)
        {
            await Shard(0).Append(header with { Digest = new((UInt128)attempt) }, 0, chunk);
        }

        return ([.. elsewhere], Services(fleet).GetRequiredService<StagingArea>().MemoryUsed);

        IShardGrain Shard(int index) => fleet.Site.Grains.GetGrain<IShardGrain>(new ShardKey(round, index).ToString());
    }

    /// <summary>However the test ends, the participant that waits for its end goes too.</summary>
    private sealed class Ending(TaskCompletionSource over) : IDisposable
    {
        public void Dispose() => over.TrySetResult();
    }

    private static IServiceProvider Services(TestFleet fleet) => fleet.Site.Cluster.GetSiloServiceProvider();
}
