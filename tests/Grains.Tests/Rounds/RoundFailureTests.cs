using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Rounds;

public sealed class RoundFailureTests
{
    private const int TwoShards = (1 << 20) + 1000;

    [Fact]
    public async Task Permits_of_dead_participants_expire_and_the_round_ends()
    {
        // Room for three leases; the shard is two chunks long, so that a lease is held between them.
        const int width = 100_000;
        await using var fleet = await TestFleet.Start(options => options.InFlightBudget = 3 * width * sizeof(float));
        for (var index = 0; index < 8; index++)
        {
            var participant = fleet.New($"p{index}", width);
            if (index >= 5)
            {
                participant.AfterChunk = round =>
                {
                    if (round.Number == 1)
                    {
                        participant.Kill();
                    }

                    return Task.CompletedTask;
                };
            }
            else
            {
                participant.BeforeUpload = round => round.Number == 0
                    ? Task.CompletedTask
                    : Polling.Until(() => fleet.Participants.Skip(5).All(dead => dead.Sent > 0), "three leases of the dead");
            }

            fleet.Add(participant);
        }

        await fleet.Site.Submit(TestFleet.JobFile(
            "rounds: 1\nstrategy: krum\nparticipants: {perRound: 8, minimum: 8}\nquorum: 5\ndeadline: 3s"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal(5, (await fleet.Site.Version("j")).Contributors.Length);
    }

    [Fact]
    public async Task A_lost_shard_without_one_contributor_ends_the_round_without_it_on_all_shards()
    {
        await using var fleet = await TestFleet.Start();
        var gate = new TaskCompletionSource();
        fleet.Add(2, TwoShards);
        var gone = fleet.Add(fleet.New("p2", TwoShards));
        var last = fleet.New("p3", TwoShards);
        last.BeforeCommit = round => round.Number == 0 ? Task.CompletedTask : gate.Task;
        fleet.Add(last);
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 4, minimum: 4}\nquorum: 3\ndeadline: 4s"));
        await Polling.Until(async () => (await fleet.Site.Status("j")).OpenRound is { Round.Number: 1, Committed: 3 }, "three commits");
        gone.Kill();
        await fleet.Site.Cluster.DeactivateAsync(fleet.Site.Grains.GetGrain<IShardGrain>("j:1:1"));
        gate.SetResult();
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        var version = await fleet.Site.Version("j");
        Assert.Equal(["p0", "p1", "p3"], version.Contributors.Select(contributor => contributor.Value));
        Assert.Equal(2, version.Attempt);
        var weights = await fleet.Site.Weights(version);
        var origin = await fleet.Site.Weights(await fleet.Site.Version("j", 0));
        var updates = new[] { "p0", "p1", "p3" }.Select(id => FakeParticipant.Random(DerivedSeed.Of(7, $"1/{id}"), TwoShards)).ToArray();
        foreach (var index in new[] { 0, 5, (1 << 20) - 1, 1 << 20, TwoShards - 1 })
        {
            Assert.Equal((float)(origin[index] + (updates.Sum(update => (double)update[index]) / 3)), weights[index], 1e-3f);
        }
    }

    [Fact]
    public async Task A_lost_shard_with_everyone_alive_is_sent_again_with_the_same_result()
    {
        await using var fleet = await TestFleet.Start();
        var gate = new TaskCompletionSource();
        fleet.Add(2);
        var last = fleet.New("p2");
        last.BeforeCommit = round => round.Number == 1 ? gate.Task : Task.CompletedTask;
        fleet.Add(last);
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 2\nparticipants: {perRound: 3, minimum: 3}"));
        await Polling.Until(async () => (await fleet.Site.Status("j")).OpenRound is { Round.Number: 1, Committed: 2 }, "two commits");
        await fleet.Site.Cluster.DeactivateAsync(fleet.Site.Grains.GetGrain<IShardGrain>("j:1:0"));
        gate.SetResult();
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal(await RestartTests.Undisturbed.Value, (await fleet.Site.Version("j")).Manifest);
    }

    [Theory]
    [InlineData("skip", JobPhase.Completed)]
    [InlineData("fail", JobPhase.Failed)]
    public async Task A_missed_quorum_skips_or_fails(string policy, JobPhase expected)
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(1);
        fleet.Add(new FakeParticipant("p1", () => fleet.Site) { Refuse = instruction => instruction is TrainInstruction ? "no power." : null });
        await fleet.Site.Submit(TestFleet.JobFile(
            $"rounds: 2\nparticipants: {{perRound: 2, minimum: 2}}\nquorum: 2\ndeadline: 60s\nonMissedQuorum: {policy}"));
        var status = await fleet.Site.Ended("j");
        Assert.Equal(expected, status.Phase);
        Assert.Equal(0, (await fleet.Site.Version("j")).Id.Number);
        if (expected == JobPhase.Failed)
        {
            Assert.Matches("^round j:1 has [01] of the 2 updates that it needs. 'p1' says: no power.$", status.Failure);
        }
    }

    [Fact]
    public async Task A_missed_quorum_extends_and_asks_again()
    {
        await using var fleet = await TestFleet.Start();
        var refusals = 0;
        fleet.Add(1);
        fleet.Add(new FakeParticipant("p1", () => fleet.Site)
        {
            Refuse = instruction => instruction is TrainInstruction && Interlocked.Increment(ref refusals) == 1 ? "not now." : null,
        });
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 2, minimum: 2}\ndeadline: 1s"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal(2, refusals);
    }

    [Fact]
    public async Task A_participants_grain_that_lost_its_memory_is_asked_again()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(1);
        var absent = fleet.New("p1");
        await absent.Register();
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 2, minimum: 2}"));
        await Polling.Until(async () => (await fleet.Site.Status("j")).Waiting?.Contains("describe", StringComparison.Ordinal) == true, "the question");
        await fleet.Site.Cluster.DeactivateAsync(fleet.Site.Grains.GetGrain<Contracts.Participants.IParticipantGrain>("p1"));
        fleet.Add(absent);
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
    }

    [Fact]
    public async Task A_first_version_that_nobody_can_make_fails_the_job_with_the_reason()
    {
        await using var fleet = await TestFleet.Start();
        foreach (var id in new[] { "p0", "p1" })
        {
            fleet.Add(new FakeParticipant(id, () => fleet.Site) { Refuse = instruction => instruction is InitialiseInstruction ? "it does not fit." : null });
        }

        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 2, minimum: 2}"));
        var status = await fleet.Site.Ended("j");
        Assert.Equal("no participant can make the first version; 'p0' says: it does not fit.", status.Failure);
    }
}
