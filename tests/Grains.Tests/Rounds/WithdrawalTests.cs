using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Rounds;

/// <summary>A participant that has contributed elsewhere is not waited for, however often it would be asked.</summary>
public sealed class WithdrawalTests
{
    private const string Elsewhere = "it has contributed elsewhere.";

    [Fact]
    public async Task All_are_those_that_have_not_withdrawn()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(2);
        fleet.Add(Moved(fleet, "p2", round: 1));
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 2\nparticipants: {perRound: 3, minimum: 3}"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal(["p0", "p1"], (await fleet.Site.Version("j", 1)).Contributors.Select(contributor => contributor.Value));
        Assert.Equal(["p0", "p1", "p2"], (await fleet.Site.Version("j", 2)).Contributors.Select(contributor => contributor.Value));
    }

    [Fact]
    public async Task A_silo_that_starts_again_hears_it_again()
    {
        await using var fleet = await TestFleet.Start();
        var committing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = fleet.New("p0");
        held.BeforeCommit = round => round.Number == 1 ? committing.Task : Task.CompletedTask;
        fleet.Add(held);
        var moved = fleet.Add(Moved(fleet, "p1", round: 1));
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 2, minimum: 2}"));
        try
        {
            await Polling.Until(() => Trained(moved) == 1, "the withdrawal");
            await fleet.Restart();
            await Polling.Until(async () => (await fleet.Site.Status("j")).Phase == JobPhase.Training && Trained(moved) > 1, "that it is asked again");
        }
        finally
        {
            committing.SetResult();
        }

        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal(["p0"], (await fleet.Site.Version("j")).Contributors.Select(contributor => contributor.Value));
    }

    [Theory]
    [InlineData("extend", JobPhase.Completed)]
    [InlineData("skip", JobPhase.Completed)]
    [InlineData("fail", JobPhase.Failed)]
    public async Task A_number_that_is_out_of_reach_for_good_ends_the_round_at_once(string policy, JobPhase expected)
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(1);
        fleet.Add(Moved(fleet, "p1", round: 1));
        await fleet.Site.Submit(TestFleet.JobFile(
            $"rounds: 1\nparticipants: {{perRound: 2, minimum: 2}}\nquorum: 2\ndeadline: 10m\nonMissedQuorum: {policy}"));
        var status = await fleet.Site.Ended("j");
        Assert.Equal(expected, status.Phase);
        Assert.Equal(0, (await fleet.Site.Version("j")).Id.Number);
        if (expected == JobPhase.Failed)
        {
            Assert.Matches($"^round j:1 has [01] of the 2 updates that it needs. 'p1' says: {Elsewhere}$", status.Failure);
        }
    }

    [Fact]
    public async Task What_the_strategy_needs_is_not_lowered()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(4);
        fleet.Add(Moved(fleet, "p4", round: 1));
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nstrategy: {name: krum, byzantine: 1}\nparticipants: {perRound: 5, minimum: 5}\ndeadline: 10m"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal(0, (await fleet.Site.Version("j")).Id.Number);
    }

    [Fact]
    public async Task What_the_strategy_needs_of_a_fraction_is_not_lowered_in_the_next_round_either()
    {
        await using var fleet = await TestFleet.Start();
        var asked = 0;
        for (var index = 0; index < 5; index++)
        {
            // Whoever is asked first.
            fleet.Add(new FakeParticipant($"p{index}", () => fleet.Site) { Withdraw = _ => Interlocked.Increment(ref asked) == 1 ? Elsewhere : null });
        }

        await fleet.Site.Submit(TestFleet.JobFile("rounds: 2\nstrategy: {name: krum, byzantine: 0}\nparticipants: {fraction: 0.5}\ndeadline: 10m"));
        await Polling.Until(
            async () => (await fleet.Site.Status("j")).Waiting
                == "1 participant here contributed from this version elsewhere: 1 other with data 'd' must join", "that it waits");
        Assert.Equal(0, (await fleet.Site.Version("j")).Id.Number);
    }

    [Fact]
    public async Task What_the_others_say_is_not_the_end_of_a_job_from_which_some_have_withdrawn()
    {
        await using var fleet = await TestFleet.Start();
        var asked = 0;
        fleet.Add(Moved(fleet, "p0", round: 1));
        fleet.Add(new FakeParticipant("p1", () => fleet.Site) { Refuse = order => order is TrainInstruction && Interlocked.Increment(ref asked) < 3 ? "no power." : null });
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 2, minimum: 2}\ndeadline: 1s"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal((1, "p1"), await Last(fleet));
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("skip")]
    [InlineData("extend")]
    public async Task A_job_of_which_all_have_withdrawn_waits_for_somebody_else_and_loses_no_round(string policy)
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(Moved(fleet, "p0", round: 1));
        fleet.Add(Moved(fleet, "p1", round: 1));
        await fleet.Site.Submit(TestFleet.JobFile($"rounds: 1\nparticipants: {{perRound: 1, minimum: 1}}\ndeadline: 10m\nonMissedQuorum: {policy}"));
        await Polling.Until(
            async () => (await fleet.Site.Status("j")).Waiting
                == "2 participants here contributed from this version elsewhere: 1 other with data 'd' must join", "that it waits");
        fleet.Add(fleet.New("p2"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal((1, "p2"), await Last(fleet));
    }

    [Fact]
    public async Task Those_that_were_not_asked_yet_take_the_place_of_those_that_have_withdrawn()
    {
        await using var fleet = await TestFleet.Start();
        fleet.Add(new FakeParticipant("p0", () => fleet.Site));
        fleet.Add(Moved(fleet, "p1", round: 1));
        fleet.Add(Moved(fleet, "p2", round: 1));
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 1, minimum: 3}\ndeadline: 10m"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal((1, "p0"), await Last(fleet));
    }

    [Fact]
    public async Task A_site_that_has_withdrawn_is_asked_again_after_a_deadline_since_it_may_have_other_devices()
    {
        await using var fleet = await TestFleet.Start();
        var asked = 0;
        fleet.Add(new FakeParticipant("p0", () => fleet.Site) { Withdraw = _ => Interlocked.Increment(ref asked) < 3 ? Elsewhere : null });
        await fleet.Site.Submit(TestFleet.JobFile("rounds: 1\nparticipants: {perRound: 1, minimum: 1}\ndeadline: 1s"));
        Assert.Equal(JobPhase.Completed, (await fleet.Site.Ended("j")).Phase);
        Assert.Equal((1, "p0"), await Last(fleet));
        Assert.Equal(3, asked);
    }

    private static int Trained(FakeParticipant participant) => participant.Done.Count(instruction => instruction.Kind == InstructionKind.Train);

    private static async Task<(int Number, string Contributor)> Last(TestFleet fleet)
    {
        var version = await fleet.Site.Version("j");
        return (version.Id.Number, Assert.Single(version.Contributors).Value);
    }

    private static FakeParticipant Moved(TestFleet fleet, string id, int round) =>
        new(id, () => fleet.Site) { Withdraw = train => train.Id.Round.Number == round ? Elsewhere : null };
}
