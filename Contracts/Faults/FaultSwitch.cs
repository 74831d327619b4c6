namespace OrleansEdge.Contracts.Faults;

/// <summary>Makes this process fail at named points of a round, to prove that nothing is lost.</summary>
/// <param name="faults">What happens where; at one point, in this order.</param>
public sealed class FaultSwitch(IEnumerable<ArmedFault> faults)
{
    private readonly ArmedFault[] _faults = [.. faults];

    /// <summary>A switch that never fires.</summary>
    public static FaultSwitch Disarmed { get; } = new([]);

    /// <summary>Passes a point; does not return if this process is killed there.</summary>
    /// <param name="point">The point.</param>
    /// <param name="round">The round.</param>
    /// <param name="shard">The shard that passes it; null where it is none.</param>
    public void Reach(FaultPoint point, int round, int? shard = null)
    {
        foreach (var fault in _faults)
        {
            if (fault.Round == round && fault.Point == point && (fault.Shard ?? shard) == shard)
            {
                fault.Fire();
            }
        }
    }
}

/// <summary>What happens at a point.</summary>
/// <param name="Round">In which round.</param>
/// <param name="Point">At which point of it.</param>
/// <param name="Fire">What is done, each time that the point is passed.</param>
/// <param name="Shard">Which shard passes it; null for whoever does.</param>
public sealed record ArmedFault(int Round, FaultPoint Point, Action Fire, int? Shard = null);
