namespace OrleansEdge.Contracts.Faults;

/// <summary>Makes this process fail at named points of a round, to prove that nothing is lost.</summary>
/// <param name="faults">What happens where; at one point, in this order.</param>
public sealed class FaultSwitch(IEnumerable<ArmedFault> faults)
{
    private readonly ArmedFault[] _faults = [.. faults];

    /// <summary>A switch that never fires.</summary>
    public static FaultSwitch Disarmed { get; } = new([]);

    /// <summary>Passes a point; does not return if this process is killed there.</summary>
    public void Reach(FaultPoint point, int round)
    {
        foreach (var fault in _faults)
        {
            if (fault.Round == round && fault.Point == point)
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
public sealed record ArmedFault(int Round, FaultPoint Point, Action Fire);
