using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.EndToEnd.Tests.Faults;

/// <summary>One cell of the fault matrix.</summary>
/// <param name="Fault">What is done in the second round.</param>
public sealed record FaultCell(PlannedFault Fault)
{
    /// <summary>A round with others before and after it.</summary>
    private const int Round = 2;

    /// <summary>The first shard is on the silo that has the round; see <c>NearJobDirector</c>.</summary>
    private const int OtherShard = 1;

    /// <summary>One cell of each row and each column.</summary>
    private static readonly string[] Few =
    [
        "kill silo@2:publishing", "freeze silo.shard.1@2:folding", "isolate agent@2:uploading", "kill azurite@2:folded", "isolate redis@2:collecting",
    ];

    /// <summary>What a single site consists of.</summary>
    public static IEnumerable<FaultTarget> Targets { get; } = [.. Enum.GetValues<FaultTarget>().Except([FaultTarget.Uplink])];

    /// <summary>Every target, every action, every point.</summary>
    public static IEnumerable<FaultCell> All { get; } =
    [
        .. from target in Targets
           from action in Enum.GetValues<FaultAction>()
           from point in FaultPoint.Of(target)
           select new FaultCell(new PlannedFault(action, target, Round, point, target == FaultTarget.Shard ? OtherShard : null)),
    ];

    /// <summary>The cells of continuous integration.</summary>
    public static IEnumerable<FaultCell> Sample { get; } = [.. Few.Select(text => new FaultCell(PlannedFault.Parse(text)))];

    /// <summary>The option and its value that do it.</summary>
    public IReadOnlyList<string> Arguments => [$"--{Fault.ActionName}", $"{Fault.TargetName}@{Fault.Round}:{Fault.Point}"];
}
