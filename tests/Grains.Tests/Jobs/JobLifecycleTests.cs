using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Jobs;

public sealed class JobLifecycleTests
{
    [Fact]
    public async Task Stop_during_a_round_holds_whatever_is_under_way()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(2);
        var gate = new TaskCompletionSource();
        var slow = fleet.New("p2");
        slow.BeforeCommit = round => round.Number == 1 ? gate.Task : Task.CompletedTask;
        fleet.Add(slow);
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 5\nparticipants: {perRound: 3, minimum: 3}"));
        await Polling.Until(async () => (await fleet.Site.Status("j")).OpenRound is { Round.Number: 1 }, "round 1");
        Assert.Single(await fleet.States("round-"));
        Assert.Null(await fleet.Site.Job("j").Stop());
        Assert.Null(await fleet.Site.Job("j").Stop());
        gate.SetResult();
        await Polling.Until(() => slow.Replies.Count == 1 || slow.Outbox.Count == 0, "the answer to the late update");
        Assert.Equal(JobPhase.Stopped, (await fleet.Site.Status("j")).Phase);
        Assert.Equal(0, (await fleet.Site.Version("j")).Id.Number);
        await Polling.Until(() => fleet.Participants.All(participant => participant.Outbox.Count == 0), "the empty outboxes");
        Assert.Empty(await fleet.States("round-"));
        Assert.Contains("has ended (stopped)", await fleet.Site.Job("j").Resume(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_at_any_moment_is_final()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(2);
        for (var job = 0; job < 12; job++)
        {
            await fleet.Site.Submit(TestFleet.JobFile("rounds: 3\nparticipants: {perRound: 2, minimum: 2}", $"j{job}"));
            for (var tick = 0; tick < job; tick++)
            {
                await Polling.Pause(CancellationToken.None);
            }

            var refusal = await fleet.Site.Job($"j{job}").Stop();
            var phase = (await fleet.Site.Status($"j{job}")).Phase;
            Assert.Equal(refusal is null ? JobPhase.Stopped : JobPhase.Completed, phase);
            await Polling.Pause(CancellationToken.None);
            Assert.Equal(phase, (await fleet.Site.Status($"j{job}")).Phase);
        }
    }

    [Fact]
    public async Task Pause_opens_no_further_round_until_resumed()
    {
        await using var fleet = await TestFleet.Start();
        var gate = new TaskCompletionSource();
        var member = fleet.New("p0");
        member.BeforeCommit = round => round.Number == 1 ? gate.Task : Task.CompletedTask;
        fleet.Add(member);
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 2\nparticipants: {perRound: 1, minimum: 1}"));
        await Polling.Until(async () => (await fleet.Site.Status("j")).OpenRound is { Round.Number: 1 }, "round 1");
        Assert.Null(await fleet.Site.Job("j").Pause());
        gate.SetResult();
        await Polling.Until(async () => (await fleet.Site.Status("j")).Waiting?.Contains("paused", StringComparison.Ordinal) == true, "the pause");
        Assert.Equal(1, (await fleet.Site.Version("j")).Id.Number);
        Assert.Null(await fleet.Site.Job("j").Resume());
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal(2, (await fleet.Site.Version("j")).Id.Number);
    }

    [Fact]
    public async Task Two_jobs_take_fair_turns_with_one_participant()
    {
        await using var fleet = await TestFleet.Start();
        var started = new TaskCompletionSource();
        var member = fleet.New("p0");
        member.BeforeUpload = round => round.Number == 0 ? started.Task : Task.CompletedTask;
        fleet.Add(member);
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 4\nparticipants: {perRound: 1, minimum: 1}", "a"));
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 4\nparticipants: {perRound: 1, minimum: 1}", "b"));
        started.SetResult();
        await fleet.Site.Ended("a");
        await fleet.Site.Ended("b");
        var jobs = member.Done.Where(done => done.Kind == InstructionKind.Train).Select(done => done.Round.Job.Value).ToArray();
        Assert.Equal(8, jobs.Length);
        Assert.Contains("b", jobs[..4]);
        Assert.Contains("a", jobs[..4]);
    }

    [Fact]
    public async Task Submissions_of_one_id_at_once_are_one_job()
    {
        await using var fleet = await TestFleet.Start();
        var strategies = new StrategyDeclarations();
        var definitions = Enumerable.Range(1, 6).Select(rounds =>
            JobFile.Write(JobFile.Parse(TestFleet.JobFile($"rounds: {rounds}"), "job.yaml", strategies))).ToArray();
        var refusals = await Task.WhenAll(definitions.Select(definition => fleet.Site.Job("j").Submit(new(definition, null))));
        var accepted = Assert.Single(Enumerable.Range(0, 6), index => refusals[index] is null);
        Assert.Equal(accepted + 1, (await fleet.Site.Status("j")).Rounds);
    }

    [Fact]
    public async Task Measurements_add_up_and_a_dead_participant_is_not_waited_for()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(2);
        var gone = fleet.New("p2");
        gone.BeforeCommit = round =>
        {
            if (round.Number == 1)
            {
                gone.Kill();
            }

            return Task.CompletedTask;
        };
        fleet.Add(gone);
        await fleet.Site.Submit(TestFleet.JobFile(
            "rounds: 1\nparticipants: {perRound: 3, minimum: 3}\nquorum: 2\ndeadline: 1s\nevaluation: federated"));
        var status = await fleet.Site.Ended("j");
        Assert.Equal(new Evaluation(1, 0, 20), status.Evaluation);
    }

    [Fact]
    public async Task Measurement_that_is_refused_says_why_and_the_job_goes_on()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(new FakeParticipant("p0", () => fleet.Site) { Refuse = instruction => instruction is EvaluateInstruction ? "no test set." : null });
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: 1\nevaluation: central"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        var store = fleet.Site.Store;
        var record = (await new JobRecords(store, new ContentStore(store)).ReadRound(JobId.Parse("j"), 1))!;
        Assert.Equal((null, "'p0' says: no test set."), (record.Evaluation, record.Unmeasured));
    }
}
