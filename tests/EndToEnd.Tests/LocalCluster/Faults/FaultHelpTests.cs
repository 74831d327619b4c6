using OrleansEdge.Contracts.Faults;
using OrleansEdge.LocalCluster.Faults;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Faults;

public sealed class FaultHelpTests
{
    [Fact]
    public void Help_explains_every_point() => Assert.All(
        SiloPoints.All.Concat(ShardPoints.All).Concat(AgentPoints.All),
        point => Assert.Contains($"  {point.Name,-12}{point.Meaning}", FaultHelp.Describe(), StringComparison.Ordinal));
}
