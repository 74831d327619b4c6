using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.EndToEnd.Tests.Faults;

/// <summary>
/// Whatever is killed, stopped or cut off, at whatever point of a round: the job completes, every participant counts once in every round, and the
/// weights are those of an undisturbed run. Each target has a class of its own, and classes run beside each other: most of a cell is waiting.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class FaultMatrixTests
{
    [Fact]
    public void Sample_has_a_cell_of_each_target_and_of_each_action()
    {
        Assert.Subset(FaultCell.All.ToHashSet(), FaultCell.Sample.ToHashSet());
        Assert.Equal(FaultCell.Targets, FaultCell.Sample.Select(cell => cell.Fault.Target).Distinct().Order());
        Assert.Equal(Enum.GetValues<FaultAction>(), FaultCell.Sample.Select(cell => cell.Fault.Action).Distinct().Order());
    }

    private static TheoryData<string> CellsOf(FaultTarget target) =>
        [.. FaultMatrix.Cells.Where(cell => cell.Fault.Target == target).Select(cell => cell.Fault.ToString())];

    /// <summary>The silo that has the round.</summary>
    [Trait("Category", "EndToEnd")]
    public sealed class SiloFaultMatrixTests(FaultMatrix matrix) : IClassFixture<FaultMatrix>
    {
        public static TheoryData<string> Cells => CellsOf(FaultTarget.Silo);

        [Theory]
        [MemberData(nameof(Cells))]
        public Task Job_ends_as_if_nothing_had_happened(string fault) => matrix.Run(fault);
    }

    /// <summary>The silo that has one of the round's shards.</summary>
    [Trait("Category", "EndToEnd")]
    public sealed class ShardFaultMatrixTests(FaultMatrix matrix) : IClassFixture<FaultMatrix>
    {
        public static TheoryData<string> Cells => CellsOf(FaultTarget.Shard);

        [Theory]
        [MemberData(nameof(Cells))]
        public Task Job_ends_as_if_nothing_had_happened(string fault) => matrix.Run(fault);
    }

    /// <summary>A participant.</summary>
    [Trait("Category", "EndToEnd")]
    public sealed class AgentFaultMatrixTests(FaultMatrix matrix) : IClassFixture<FaultMatrix>
    {
        public static TheoryData<string> Cells => CellsOf(FaultTarget.Agent);

        [Theory]
        [MemberData(nameof(Cells))]
        public Task Job_ends_as_if_nothing_had_happened(string fault) => matrix.Run(fault);
    }

    /// <summary>The store.</summary>
    [Trait("Category", "EndToEnd")]
    public sealed class StoreFaultMatrixTests(FaultMatrix matrix) : IClassFixture<FaultMatrix>
    {
        public static TheoryData<string> Cells => CellsOf(FaultTarget.Azurite);

        [Theory]
        [MemberData(nameof(Cells))]
        public Task Job_ends_as_if_nothing_had_happened(string fault) => matrix.Run(fault);
    }

    /// <summary>The membership.</summary>
    [Trait("Category", "EndToEnd")]
    public sealed class MembershipFaultMatrixTests(FaultMatrix matrix) : IClassFixture<FaultMatrix>
    {
        public static TheoryData<string> Cells => CellsOf(FaultTarget.Redis);

        [Theory]
        [MemberData(nameof(Cells))]
        public Task Job_ends_as_if_nothing_had_happened(string fault) => matrix.Run(fault);
    }
}
