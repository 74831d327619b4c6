using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.Contracts.Tests.Faults;

public sealed class FaultPlanTests
{
    [Fact]
    public void A_fault_without_a_point_takes_its_targets_default()
    {
        var plan = FaultPlan.Parse("kill silo@2, freeze silo.shard@3,isolate agent@3,kill azurite@4,freeze redis@4");

        Assert.Equal(
            [
                new(FaultAction.Kill, FaultTarget.Silo, 2, SiloPoints.Closing),
                new(FaultAction.Freeze, FaultTarget.Shard, 3, ShardPoints.Folding),
                new(FaultAction.Isolate, FaultTarget.Agent, 3, AgentPoints.Uploading),
                new(FaultAction.Kill, FaultTarget.Azurite, 4, SiloPoints.Collecting),
                new PlannedFault(FaultAction.Freeze, FaultTarget.Redis, 4, SiloPoints.Collecting),
            ],
            plan.Faults);
        Assert.Equal(plan.Faults, FaultPlan.Parse(plan.ToString()).Faults);
    }

    [Fact]
    public void A_fault_of_one_shard_passes_by_the_others()
    {
        var fault = Assert.Single(FaultPlan.Parse("kill silo.shard.1@2:staged").Faults);
        var fired = 0;
        var faults = new FaultSwitch([new(fault.Round, fault.Point, () => fired++, fault.Shard)]);

        faults.Reach(ShardPoints.Staged, 2, shard: 0);
        Assert.Equal(0, fired);
        faults.Reach(ShardPoints.Staged, 2, shard: 1);
        Assert.Equal(1, fired);
        Assert.Equal((1, "kill silo.shard.1@2:staged"), (fault.Shard, fault.ToString()));
    }

    [Fact]
    public void Faults_are_put_in_the_order_in_which_they_can_happen() => Assert.Equal(
        "kill silo@1:settled, kill silo@3:opened, freeze silo@3:published",
        FaultPlan.Parse("freeze silo@3:published, kill silo@3:opened ,kill silo@1:settled").ToString());

    [Theory]
    [InlineData("", "begins with kill, freeze or isolate")]
    [InlineData("burn silo@1", "begins with kill, freeze or isolate")]
    [InlineData("kill silo", "write TARGET@ROUND")]
    [InlineData("kill cloud@1", "the targets are silo, silo.shard, silo.uplink, agent, azurite, redis")]
    [InlineData("kill silo.shard.x@1", "the targets are silo, silo.shard,")]
    [InlineData("kill silo@", "after the '@' comes the number of a round")]
    [InlineData("kill silo@-1", "after the '@' comes the number of a round")]
    [InlineData("kill silo@1:uploading", "'uploading' is not one of the points selecting, opened")]
    [InlineData("freeze agent@1:", "'' is not one of the points received")]
    [InlineData("kill agent@1,kill agent@1:uploading", "'kill agent@1:uploading' is asked for twice")]
    public void Anything_else_is_refused_in_one_sentence(string text, string part)
    {
        var message = Assert.Throws<FormatException>(() => FaultPlan.Parse(text)).Message;

        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_fault_after_the_last_round_is_refused()
    {
        var plan = FaultPlan.Parse("kill silo@6");
        plan.RequireWithin(6);

        Assert.Equal("'kill silo@6:closing' is asked for, and the job has 5 rounds: name a round from 0 to 5.",
            Assert.Throws<FormatException>(() => plan.RequireWithin(5)).Message);
    }

    [Fact]
    public void No_two_points_have_the_same_name()
    {
        var names = Enum.GetValues<FaultTarget>().SelectMany(FaultPoint.Of).Distinct().Select(point => point.Name).ToList();

        Assert.Equal(names.Distinct(), names);
    }
}
