using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Tests.Rounds;

public sealed class RoundRulesTests
{
    [Theory]
    [InlineData(4, 4, 0, 4, 4, false, RoundDecision.Close)]
    [InlineData(4, 3, 0, 4, 3, false, RoundDecision.Wait)]
    [InlineData(4, 3, 0, 4, 3, true, RoundDecision.Close)]
    [InlineData(4, 3, 1, 4, 3, false, RoundDecision.Close)]
    [InlineData(4, 2, 0, 4, 3, true, RoundDecision.QuorumMissed)]
    [InlineData(4, 2, 1, 4, 3, false, RoundDecision.Wait)]
    [InlineData(4, 2, 2, 4, 3, false, RoundDecision.QuorumOutOfReach)]
    [InlineData(4, 0, 2, 4, 3, false, RoundDecision.QuorumOutOfReach)]
    [InlineData(4, 0, 4, 4, 1, false, RoundDecision.Impossible)]
    [InlineData(6, 4, 0, 4, 4, false, RoundDecision.Close)]
    [InlineData(3, 3, 0, 3, 3, false, RoundDecision.Close)]
    [InlineData(3, 3, 0, 3, 4, false, RoundDecision.Hopeless)]
    [InlineData(0, 0, 0, 0, 0, false, RoundDecision.Hopeless)]
    internal void Decide_follows_goal_quorum_and_deadline(
        int selected, int committed, int declined, int goal, int quorum, bool passed, RoundDecision expected) =>
        Assert.Equal(expected, RoundRules.Decide(selected, committed, declined, goal, quorum, passed));
}
