using OrleansEdge.Contracts.Faults;
using OrleansEdge.LocalCluster.Faults;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Faults;

public sealed class KillPlanTests
{
    [Fact]
    public void Kill_without_a_point_takes_the_targets_default()
    {
        var plan = KillPlan.Parse("agent@2,silo@3");

        Assert.Equal([new(KillTarget.Agent, 2, AgentKillPoints.Uploading), new PlannedKill(KillTarget.Silo, 3, SiloKillPoints.Closing)], plan.Kills);
    }

    [Fact]
    public void Kills_are_put_in_the_order_in_which_they_can_happen()
    {
        var plan = KillPlan.Parse("silo@3:published, silo@3:opened ,silo@1:settled");

        Assert.Equal(["silo@1:settled", "silo@3:opened", "silo@3:published"], plan.Kills.Select(kill => kill.ToString()));
    }

    [Fact]
    public void Kills_of_a_target_leave_out_the_others()
    {
        var plan = KillPlan.Parse("agent@1,silo@2,agent@3:trained");

        Assert.Equal(["agent@1:uploading", "agent@3:trained"], plan.Of(KillTarget.Agent).Select(kill => kill.ToString()));
    }

    [Fact]
    public void Variable_of_a_kill_is_what_the_switch_reads()
    {
        Assert.Equal("3:closing", PlannedKill.Parse("silo@3:closing").Variable);
    }

    [Theory]
    [InlineData("", "--kill has '': write silo@ROUND")]
    [InlineData("silo", "--kill has 'silo': write silo@ROUND")]
    [InlineData("cloud@1", "--kill has 'cloud@1': write silo@ROUND")]
    [InlineData("silo@", "after the '@' comes the number of a round")]
    [InlineData("silo@-1", "after the '@' comes the number of a round")]
    [InlineData("silo@1:uploading", "'uploading' is not one of the points selecting, opened")]
    [InlineData("agent@1:", "'' is not one of the points received")]
    [InlineData("agent@1,agent@1:uploading", "agent@1:uploading twice")]
    public void Kill_that_cannot_be_read_is_refused_in_a_sentence(string text, string part)
    {
        var message = Assert.Throws<FormatException>(() => KillPlan.Parse(text)).Message;

        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Kill_after_the_last_round_is_refused()
    {
        var plan = KillPlan.Parse("silo@6");
        plan.RequireWithin(6);

        Assert.Equal("--kill has silo@6:closing, and the job has 5 rounds: name a round from 0 to 5.",
            Assert.Throws<FormatException>(() => plan.RequireWithin(5)).Message);
    }

    [Fact]
    public void Help_explains_every_point()
    {
        Assert.Equal(SiloKillPoints.All.Order(), KillPointHelp.Silo.Keys.Order());
        Assert.Equal(AgentKillPoints.All.Order(), KillPointHelp.Agent.Keys.Order());
        Assert.All(SiloKillPoints.All.Concat(AgentKillPoints.All), point =>
            Assert.Contains($"  {point} ", KillPointHelp.Describe(), StringComparison.Ordinal));
    }
}
