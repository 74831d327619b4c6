using System.Collections.Immutable;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.LocalCluster.Faults;

/// <summary>The kills of a run: arms processes with them, and knows which have happened.</summary>
/// <param name="plan">What is to happen.</param>
/// <param name="folder">An empty folder in which processes claim their kills.</param>
/// <param name="elapsed">The time since the run began.</param>
internal sealed class KillRecord(KillPlan plan, string folder, Func<TimeSpan> elapsed)
{
    private readonly KillClaims claims = new(folder);
    private ImmutableList<Fault> faults = [];

    /// <summary>What was killed so far.</summary>
    public ImmutableList<Fault> Faults => Volatile.Read(ref faults);

    /// <summary>The environment that arms a process with all kills of a target; whichever passes a point first dies of it.</summary>
    public IReadOnlyDictionary<string, string> Arm(KillTarget target)
    {
        var kills = plan.Of(target);
        return kills.Count == 0 ? new Dictionary<string, string>() : new Dictionary<string, string>
        {
            [KillSwitch.DevelopmentVariable] = "1",
            [KillSwitch.Variable] = string.Join(',', kills.Select(kill => kill.Variable)),
            [KillSwitch.ClaimsVariable] = folder,
        };
    }

    /// <summary>Finds the kill of which a process has died, and records it.</summary>
    /// <returns>False if it has died of something else.</returns>
    public bool Record(KillTarget target, string name, int process)
    {
        if (plan.Of(target).FirstOrDefault(kill => claims.ClaimedBy(kill.Point, kill.Round) == process) is not { } kill)
        {
            return false;
        }

        Add(new Fault(PlannedKill.NameOf(target), name, process, kill.Round, kill.Point, Math.Round(elapsed().TotalSeconds, 3)));
        return true;
    }

    /// <summary>Records what was done to the system otherwise.</summary>
    public void Add(Fault fault) => ImmutableInterlocked.Update(ref faults, list => list.Add(fault));
}
