using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Tests.Cluster;
using OrleansEdge.Grains.Tests.Strategies;

namespace OrleansEdge.Grains.Tests.Rounds;

public sealed class RoundTests
{
    [Fact]
    public async Task Sum_of_1e30_1_and_minus_1e30_is_exact_in_every_order_of_arrival()
    {
        await using var fleet = await TestFleet.Start();
        string[] ids = ["p0", "p1", "p2"];
        var orders = Blocks.Permutations(ids).ToArray();
        float[] deltas = [1e30f, 1f, -1e30f];
        var committed = new System.Collections.Concurrent.ConcurrentDictionary<RoundKey, int>();
        foreach (var (id, index) in ids.Select((id, index) => (id, index)))
        {
            var participant = new FakeParticipant(id, () => fleet.Site)
            {
                Width = 3,
                Examples = 1,
                Update = _ => [deltas[index], deltas[(index + 1) % 3], deltas[(index + 2) % 3]],
            };
            participant.BeforeUpload = round => round.Number == 0
                ? Task.CompletedTask
                : Polling.Until(() => committed.GetValueOrDefault(round) == Array.IndexOf(orders[round.Number - 1], id), "its turn");
            participant.BeforeCommit = round =>
            {
                committed.AddOrUpdate(round, 1, (_, count) => count + 1);
                return Task.CompletedTask;
            };
            fleet.Add(participant);
        }

        await fleet.Site.Submit(TestFleet.JobFile("rounds: 6\nparticipants: {perRound: 3, minimum: 3}"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);

        var weights = await fleet.Site.Weights(await fleet.Site.Version("j", 0));
        for (var round = 1; round <= 6; round++)
        {
            weights = [.. weights.Select(weight => (float)(weight + (1.0 / 3)))];
            Assert.Equal(weights, await fleet.Site.Weights(await fleet.Site.Version("j", round)));
        }
    }

    [Fact]
    public async Task Over_selection_closes_at_the_goal_and_refuses_the_late_one_politely()
    {
        await using var fleet = await TestFleet.Start();
        var late = fleet.New("p3");
        late.BeforeCommit = round => round.Number == 0
            ? Task.CompletedTask
            : Polling.Until(async () => (await fleet.Site.Status("j")).IsOver, "the end of the job");
        fleet.Add(3);
        fleet.Add(late);
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 3, minimum: 4, overSelection: 1.3}"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.DoesNotContain(late.Id, (await fleet.Site.Version("j")).Contributors);
        await Polling.Until(() => !late.Replies.IsEmpty, "the answer to the late update");
        Assert.Equal(CommitStanding.RoundOver, Assert.Single(late.Replies).Standing);
        await Polling.Until(() => late.Outbox.Count == 0, "the empty outbox");
    }

    public static TheoryData<string, string> WrongUpdates => new()
    {
        { "nan", "not a finite number" },
        { "infinity", "not a finite number" },
        { "digest", "does not match its digest" },
        { "shards", "shards" },
        { "base", "another version" },
        { "no examples", "counts 1 to" },
        { "too many examples", "counts 1 to" },
        { "width", "shape" },
    };

    [Theory]
    [MemberData(nameof(WrongUpdates))]
    public async Task A_wrong_update_is_refused_with_a_reason_and_the_round_goes_on(string fault, string reason)
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(2);
        fleet.Add(new FakeParticipant("wrong", () => fleet.Site)
        {
            Update = train => Spoil(fault, FakeParticipant.Random(train.Seed, 1000)),
            Alter = commit => commit.Layout is not null ? commit : fault switch
            {
                "digest" => commit with { Shards = [UpdateDigest.Of([1])] },
                "shards" => commit with { Shards = [.. commit.Shards, .. commit.Shards] },
                "base" => commit with { Base = ContentHash.Of([1]) },
                "no examples" => commit with { Examples = 0 },
                "too many examples" => commit with { Examples = UpdateCommit.MaximumExamples + 1 },
                _ => commit,
            },
        });
        await fleet.Site.Submit(TestFleet.JobFile(
            "rounds: 1\nparticipants: {perRound: 3, minimum: 3}\nquorum: 3\ndeadline: 30s\nonMissedQuorum: fail"));
        var status = await fleet.Site.Ended("j");
        Assert.Equal(JobPhase.Failed, status.Phase);
        Assert.Contains("'wrong' says", status.Failure, StringComparison.Ordinal);
        Assert.Contains(reason, status.Failure, StringComparison.Ordinal);

        static float[] Spoil(string fault, float[] values)
        {
            values[500] = fault switch { "nan" => float.NaN, "infinity" => float.NegativeInfinity, _ => values[500] };
            return fault == "width" ? values[..900] : values;
        }
    }

    [Fact]
    public async Task A_round_with_a_wrong_update_is_published_without_it_when_the_quorum_allows()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(2);
        fleet.Add(new FakeParticipant("wrong", () => fleet.Site) { Update = train => FakeParticipant.Random(train.Seed, 900) });
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 3, minimum: 3}\nquorum: 2\ndeadline: 30s"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        var version = await fleet.Site.Version("j");
        Assert.Equal(["p0", "p1"], version.Contributors.Select(contributor => contributor.Value));
        Assert.Equal(2, version.Attempt);
    }

    [Fact]
    public async Task A_stranger_is_refused_and_takes_no_memory()
    {
        await using var fleet = await TestFleet.Start();
        var gate = new TaskCompletionSource();
        var member = fleet.New("p0");
        member.BeforeCommit = round => round.Number == 0 ? Task.CompletedTask : gate.Task;
        fleet.Add(member);
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 1, minimum: 1}"));
        await Polling.Until(async () => (await fleet.Site.Status("j")).OpenRound is { Round.Number: 1 }, "round 1");
        await using var stranger = fleet.New("stranger");
        var round = RoundKey.Parse("j:1");
        var update = stranger.Make(new float[1000], (await fleet.Site.Version("j")).Manifest);
        Assert.Equal(CommitStanding.RoundOver, (await stranger.Deliver(round, update)).Standing);
        var direct = await fleet.Site.Grains.GetGrain<IRoundGrain>("j:1").Commit(update.Commit);
        Assert.Equal(CommitStanding.RoundOver, direct.Standing);
        Assert.Contains("no longer waits for 'stranger'", direct.Reason, StringComparison.Ordinal);
        gate.SetResult();
        Assert.Equal(["p0"], (await AfterTheEnd(fleet)).Select(contributor => contributor.Value));
    }

    private static async Task<IEnumerable<ParticipantId>> AfterTheEnd(TestFleet fleet)
    {
        await fleet.Site.Ended("j");
        return (await fleet.Site.Version("j")).Contributors;
    }
}
