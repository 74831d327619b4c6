using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Training;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Jobs;

/// <summary>A job that a site runs for its parent: whatever the parent wants, in whatever order, and whatever is lost on the way.</summary>
public sealed class AssignedJobTests
{
    private const string Tiers = "tiers:\n  - rounds: 2\n    participants: {perRound: 2, minimum: 2}\n    autonomy: 3\n";
    private static readonly SiteName Parent = SiteName.Parse("cloud");

    [Fact]
    public async Task Rounds_for_the_parent_come_to_one_update_of_all_examples()
    {
        await using var fleet = await StartFleet();
        var summary = await Done(fleet, Describe());
        Assert.Equal(2, summary.Summary!.Examples / fleet.Participants[0].Examples);

        var first = (await Done(fleet, Initialise())).Update!;
        Assert.Null(first.Base);
        var before = await fleet.Site.Version("j");
        Assert.Equal(first.Version, before.Manifest);
        await HandOver(fleet, first);

        var update = (await Done(fleet, Train(1, first.Version))).Update!;
        Assert.Equal((1, (ContentHash?)first.Version, 20L), (update.Round, update.Base, update.Examples));
        var after = await fleet.Site.Version("j");
        Assert.Equal(update.Version, after.Manifest);
        Assert.Equal((2, 2), (after.Round, after.Id.Number));

        var measured = await Done(fleet, Evaluate(1, update.Version));
        Assert.True(measured.Evaluation is { Examples: > 0 });
        await Polling.Until(async () => (await fleet.Site.Status("j")).ForParent is { Rounds: 2, AutonomousRounds: 0, UpdatesAccepted: 1 }, "the report");
    }

    [Fact]
    public async Task Work_that_all_have_done_elsewhere_is_refused_for_good()
    {
        await using var fleet = await StartFleet(train => train.Id.Round.Number == 1 ? "elsewhere." : null);
        var version = await FirstVersion(fleet);
        var refused = await Done(fleet, Train(1, version));
        Assert.Equal((true, "all that take part here have contributed from this version elsewhere."), (refused.IsWithdrawn, refused.Refusal));
        Assert.True((await Done(fleet, Train(1, version))).IsWithdrawn);
        Assert.Equal(2, (await Done(fleet, Train(2, version))).Update!.Round);
    }

    [Fact]
    public async Task The_same_again_changes_nothing_also_after_a_restart()
    {
        await using var fleet = await StartFleet();
        var version = await FirstVersion(fleet);
        var train = Train(1, version);
        var update = (await Done(fleet, train)).Update;
        Assert.Equal(update, (await fleet.Site.Assigned("j").Assign(Parent, train)).Update);
        await fleet.Restart();
        Assert.Equal(update, (await Done(fleet, train)).Update);
        Assert.Equal(2, (await fleet.Site.Version("j")).Id.Number);
    }

    [Fact]
    public async Task Seeds_and_rounds_depend_on_the_parents_round_alone()
    {
        await using var calm = await StartFleet();
        await using var cut = await StartFleet();
        foreach (var fleet in new[] { calm, cut })
        {
            var version = await FirstVersion(fleet);
            var update = (await Done(fleet, Train(1, version))).Update!;
            if (fleet == cut)
            {
                fleet.Site.Uplink.IsAway = true;
                await Polling.Until(async () => (await fleet.Site.Status("j")).ForParent!.AutonomousRounds == 3, "the rounds alone");
                fleet.Site.Uplink.IsAway = false;
            }

            Assert.Equal(update, (await fleet.Site.Assigned("j").GetAssignment())!.Update);
            await HandOver(fleet, update);
            await Done(fleet, Train(2, update.Version));
        }

        Assert.Equal((await calm.Site.Version("j")).Manifest, (await cut.Site.Version("j")).Manifest);
    }

    [Fact]
    public async Task What_came_of_going_on_alone_is_offered_once_to_a_round_that_takes_it()
    {
        await using var fleet = await StartFleet();
        var version = await FirstVersion(fleet);
        var inTime = (await Done(fleet, Train(1, version))).Update!;
        fleet.Site.Uplink.IsAway = true;
        await Polling.Until(async () => (await fleet.Site.Status("j")).ForParent!.AutonomousRounds == 3, "the rounds alone");
        var alone = await fleet.Site.Version("j");
        await fleet.Site.Assigned("j").Settle(1);

        // The parent has gone on: its version is one of its own.
        var late = (await Done(fleet, Train(3, inTime.Version, earlier: version))).Update!;
        Assert.Equal((1, (ContentHash?)version, alone.Manifest), (late.Round, late.Base, late.Version));
        await HandOver(fleet, late, stale: true);
        await HandOver(fleet, late, stale: true);
        var report = (await fleet.Site.Status("j")).ForParent!;
        Assert.Equal((5, 3, 2, 1), (report.Rounds, report.AutonomousRounds, report.UpdatesAccepted, report.StaleUpdatesAccepted));

        var next = (await Done(fleet, Train(4, late.Version, earlier: [version, inTime.Version]))).Update!;
        Assert.Equal((4, (ContentHash?)late.Version), (next.Round, next.Base));
    }

    [Fact]
    public async Task What_the_parent_may_have_taken_is_never_offered_again()
    {
        await using var fleet = await StartFleet();
        var version = await FirstVersion(fleet);
        var update = (await Done(fleet, Train(1, version))).Update!;
        Assert.True(await fleet.Site.Assigned("j").Offer(update));
        await fleet.Restart();
        await fleet.Site.Assigned("j").Settle(1);
        var next = (await Done(fleet, Train(2, update.Version, earlier: version))).Update!;
        Assert.Equal((2, (ContentHash?)update.Version), (next.Round, next.Base));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_parent_has_or_may_have_taken_is_for_its_round_alone_when_that_is_named_once_more(bool isTaken)
    {
        await using var fleet = await StartFleet();
        var version = await FirstVersion(fleet);
        var train = Train(1, version);
        var update = (await Done(fleet, train)).Update!;
        Assert.True(await fleet.Site.Assigned("j").Offer(update));
        if (isTaken)
        {
            await fleet.Site.Assigned("j").HandedOver(update, accepted: true, stale: false);
        }

        await fleet.Site.Assigned("j").Settle(1);
        var named = await fleet.Site.Assigned("j").Assign(Parent, train);
        Assert.Null(named.Update);
        if (!isTaken)
        {
            // The same round can count it once only, whichever of the two it is.
            Assert.Equal(1, (await Done(fleet, train)).Update!.Round);
        }

        await fleet.Site.Assigned("j").Settle(1);
        var next = (await Done(fleet, Train(2, update.Version, earlier: version))).Update!;
        Assert.Equal((2, (ContentHash?)update.Version), (next.Round, next.Base));
    }

    [Fact]
    public async Task What_is_too_old_or_refused_gives_way_to_the_work_itself()
    {
        await using var fleet = await StartFleet();
        var version = await FirstVersion(fleet);
        var first = (await Done(fleet, Train(1, version))).Update!;
        await fleet.Site.Assigned("j").Settle(1);
        var fresh = (await Done(fleet, Train(2, first.Version))).Update!;
        Assert.Equal((2, (ContentHash?)first.Version), (fresh.Round, fresh.Base));

        await fleet.Site.Assigned("j").Settle(2);
        var late = (await Done(fleet, Train(3, fresh.Version, earlier: first.Version))).Update!;
        Assert.Equal(2, late.Round);
        await fleet.Site.Assigned("j").HandedOver(late, accepted: false, stale: false);
        await Polling.Until(async () => (await fleet.Site.Assigned("j").GetAssignment())!.Update is { Round: 3 }, "the work itself");
    }

    [Fact]
    public async Task What_the_site_cannot_do_is_said_and_tried_again_when_it_is_wanted_again()
    {
        await using var fleet = await TestFleet.Start();
        await fleet.Site.Put(TaskBytes);
        var refusing = true;
        fleet.Add(new FakeParticipant("p0", () => fleet.Site) { Refuse = instruction => refusing && instruction is TrainInstruction ? "no current" : null });
        fleet.Add(new FakeParticipant("p1", () => fleet.Site) { Refuse = instruction => refusing && instruction is TrainInstruction ? "no current" : null });
        var version = await FirstVersion(fleet);
        var train = Train(1, version);
        Assert.Contains("no current", (await Done(fleet, train)).Refusal, StringComparison.Ordinal);
        refusing = false;
        await fleet.Site.Assigned("j").Assign(Parent, train);
        Assert.NotNull((await Done(fleet, train)).Update);
    }

    [Fact]
    public async Task A_job_without_a_tier_for_the_site_a_job_of_its_own_and_a_parent_that_forgot_are_refused()
    {
        await using var fleet = await StartFleet();
        var version = await FirstVersion(fleet);
        Assert.Contains("add 'tiers:'", (await fleet.Site.Assigned("k").Assign(Parent, Describe("k") with { Tiers = null })).Refusal, StringComparison.Ordinal);
        Assert.Contains("no entry under 'tiers:'", (await fleet.Site.Assigned("k").Assign(Parent, Describe("k") with { Tiers = TestFleet.JobFile("rounds: 1", "k") })).Refusal, StringComparison.Ordinal);
        Assert.Contains("cannot be used here", (await fleet.Site.Assigned("k").Assign(Parent, Describe("k") with { Tiers = "job: [" })).Refusal, StringComparison.Ordinal);

        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 9, minimum: 9}", "own"));
        Assert.Contains("a job 'own' of its own", (await fleet.Site.Assigned("own").Assign(Parent, Describe("own"))).Refusal, StringComparison.Ordinal);

        await Done(fleet, Train(3, version));
        Assert.Contains("has lost what it knew", (await fleet.Site.Assigned("j").Assign(Parent, Describe())).Refusal, StringComparison.Ordinal);
        Assert.Contains("already", await fleet.Site.Job("j").Submit(new(TestFleet.JobFile("rounds: 1"), null)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_parents_job_completes_it_here_and_the_versions_stay()
    {
        await using var fleet = await StartFleet();
        await FirstVersion(fleet);
        await fleet.Site.Assigned("j").EndAssignment();
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.NotNull(await fleet.Site.Version("j"));
        Assert.Contains("has ended here", (await fleet.Site.Assigned("j").Assign(Parent, Describe())).Refusal, StringComparison.Ordinal);
        Assert.True(await fleet.Site.Job("j").HasEnded());
        Assert.True(await fleet.Site.Job("nobody").HasEnded());
    }

    [Fact]
    public async Task A_round_that_ends_when_something_else_is_wanted_already_comes_to_nothing()
    {
        await using var fleet = await StartFleet();
        var version = await FirstVersion(fleet);
        var training = new HeldCommits(fleet);
        await fleet.Site.Assigned("j").Assign(Parent, Train(1, version));
        var round = await training.Begun;
        await fleet.Site.Assigned("j").Assign(Parent, Evaluate(1, version));
        await fleet.Site.Job("j").RoundEnded(new(round, await fleet.Site.Version("j"), null, 2, 0, 0, 1, null));
        training.Release();

        var measured = await Done(fleet, Evaluate(1, version));
        Assert.Null(measured.Update);
        Assert.True(measured.Evaluation is { Examples: > 0 });
    }

    [Fact]
    public async Task The_end_of_the_parents_job_in_the_middle_of_a_round_stops_the_devices()
    {
        await using var fleet = await StartFleet();
        var version = await FirstVersion(fleet);
        var training = new HeldCommits(fleet);
        await fleet.Site.Assigned("j").Assign(Parent, Train(1, version));
        var round = await training.Begun;

        await fleet.Site.Assigned("j").EndAssignment();
        var working = new ParticipantActivity(new(round, InstructionKind.Train), 0.5);
        foreach (var participant in fleet.Participants)
        {
            var heard = await fleet.Site.Grains.GetGrain<IParticipantGrain>(participant.Id.Value).Sync(
                new(participant.Process, working, [], [], Wait: false), TestContext.Current.CancellationToken);
            Assert.Equal(working.Instruction, Assert.IsType<StopInstruction>(heard.Instruction).Id);
        }

        training.Release();
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        await Polling.Until(() => fleet.Participants.All(participant => participant.Replies.LastOrDefault()?.Standing == CommitStanding.RoundOver), "the last word");
        Assert.Equal(version, (await fleet.Site.Version("j")).Manifest);
    }

    [Fact]
    public async Task A_site_folds_with_the_strategy_of_its_tier()
    {
        await using var fleet = await StartFleet();
        var version = await FirstVersion(fleet);
        var file = TestFleet.JobFile("rounds: 9\nstrategy: fedavg\ntiers:\n  - strategy: coordinate-median\n");
        var train = Train(1, version) with { Tiers = file };
        await Done(fleet, train);
        Assert.Equal("coordinate-median", (await fleet.Site.Version("j")).Strategy);
    }

    [Fact]
    public async Task A_first_version_that_the_parent_did_without_is_made_once_more_when_it_is_wanted_again()
    {
        await using var fleet = await StartFleet();
        await Done(fleet, Describe());
        var first = (await Done(fleet, Initialise())).Update!;
        await fleet.Site.Assigned("j").Settle(0);
        Assert.Null((await fleet.Site.Assigned("j").Assign(Parent, Initialise())).Update);
        Assert.Equal(first.Version, (await Done(fleet, Initialise())).Update!.Version);
    }

    private static async Task<TestFleet> StartFleet(Func<TrainInstruction, string?>? withdraw = null)
    {
        var fleet = await TestFleet.Start();
        fleet.Add(new("p0", () => fleet.Site) { Withdraw = withdraw });
        fleet.Add(new("p1", () => fleet.Site) { Withdraw = withdraw });
        await fleet.Site.Put(TaskBytes);
        return fleet;
    }

    private static async Task<ContentHash> FirstVersion(TestFleet fleet)
    {
        await Done(fleet, Describe());
        var first = (await Done(fleet, Initialise())).Update!;
        await HandOver(fleet, first);
        return first.Version;
    }

    private static async Task<AssignmentStatus> Done(TestFleet fleet, Instruction instruction)
    {
        var job = fleet.Site.Assigned(instruction.Id.Round.Job.Value);
        AssignmentStatus? status = await job.Assign(Parent, instruction);
        await Polling.Until(
            async () =>
            {
                status = await job.GetAssignment() ?? status;
                return status.Refusal is not null || status.Summary is not null || status.Evaluation is not null || status.Update is not null;
            },
            $"{instruction.Id}");
        return status!;
    }

    private static async Task HandOver(TestFleet fleet, SiteUpdate update, bool stale = false)
    {
        await fleet.Site.Assigned("j").Offer(update);
        await fleet.Site.Assigned("j").HandedOver(update, accepted: true, stale);
    }

    private static string File(string job) => TestFleet.JobFile("rounds: 9\n" + Tiers, job);

    private static InstructionId Id(int round, InstructionKind kind, string job = "j") => new(new(JobId.Parse(job), round), kind);

    private static DescribeInstruction Describe(string job = "j") =>
        new() { Id = Id(0, InstructionKind.Describe, job), Data = DataName.Parse("d"), Tiers = File(job) };

    private static InitialiseInstruction Initialise() => new()
    {
        Id = Id(0, InstructionKind.Initialise),
        Source = Source,
        Task = Task,
        Seed = 5,
        Tiers = File("j"),
    };

    private static TrainInstruction Train(int round, ContentHash version, params ContentHash[] earlier) => new()
    {
        Id = Id(round, InstructionKind.Train),
        Source = Source,
        Task = Task,
        Data = DataName.Parse("d"),
        Base = version,
        Options = new(),
        Seed = (ulong)round,
        Earlier = [.. earlier],
        Tiers = File("j"),
    };

    private static EvaluateInstruction Evaluate(int round, ContentHash version) => new()
    {
        Id = Id(round, InstructionKind.Evaluate),
        Source = Source,
        Task = Task,
        Data = DataName.Parse("d"),
        Version = version,
        Tiers = File("j"),
    };

    private static ModelSource Source { get; } = new("logistic", null);

    private static byte[] TaskBytes { get; } = [1];

    private static ContentHash Task { get; } = ContentHash.Of(TaskBytes);

    /// <summary>Participants that have trained and do not commit before they are let go.</summary>
    private sealed class HeldCommits
    {
        private readonly TaskCompletionSource<RoundKey> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldCommits(TestFleet fleet)
        {
            var waiting = 0;
            foreach (var participant in fleet.Participants)
            {
                participant.BeforeCommit = round =>
                {
                    if (Interlocked.Increment(ref waiting) == fleet.Participants.Count)
                    {
                        _begun.SetResult(round);
                    }

                    return _released.Task;
                };
            }
        }

        /// <summary>The round, when all of them are about to commit.</summary>
        public Task<RoundKey> Begun => _begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public void Release() => _released.TrySetResult();
    }
}
