using System.Collections.Immutable;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.LocalCluster.Hierarchy;

namespace OrleansEdge.LocalCluster.Faults;

/// <summary>The faults of a run: arms processes with them, and knows which have happened.</summary>
/// <param name="plan">What is to happen.</param>
/// <param name="network">What is wrong with the network.</param>
/// <param name="folder">An empty folder by which the processes agree: see <see cref="FaultClaims"/>.</param>
/// <param name="elapsed">The time since the run began.</param>
/// <param name="prefix">What stands before a target to say at which site it is; empty where that need not be said.</param>
internal sealed class FaultRecord(FaultPlan plan, NetworkFaults network, string folder, Func<TimeSpan> elapsed, string prefix = "")
{
    private ImmutableList<Fault> faults = [];
    private ImmutableHashSet<int> victims = [];
    private int armed;

    private double Now => Math.Round(elapsed().TotalSeconds, 3);

    /// <summary>What is to happen.</summary>
    public FaultPlan Plan => plan;

    /// <summary>Who does it.</summary>
    public FaultClaims Claims { get; } = new(folder);

    /// <summary>What was done so far.</summary>
    public ImmutableList<Fault> Faults => Volatile.Read(ref faults);

    /// <summary>The environment that arms a process; every process of the product gets the same, but for the seed of its network.</summary>
    public IReadOnlyDictionary<string, string> Arm()
    {
        var environment = new Dictionary<string, string>();
        if (plan.Faults.Count > 0)
        {
            environment[ProcessFaults.PlanVariable] = plan.ToString();
            environment[ProcessFaults.FolderVariable] = folder;
        }

        if (network != NetworkFaults.None)
        {
            environment[ProcessFaults.NetworkVariable] = (network with { Seed = network.Seed + Interlocked.Increment(ref armed) }).ToString();
        }

        if (environment.Count > 0)
        {
            environment[ProcessFaults.DevelopmentVariable] = "1";
        }

        return environment;
    }

    /// <summary>Records what was done to a process.</summary>
    public void Add(PlannedFault fault, string name, int process) =>
        Add(new Fault(prefix + fault.TargetName, fault.ActionName, name, process, fault.Round, fault.Point.Name, Now));

    /// <summary>Records that a silo is told to end, so that it is started again.</summary>
    public Fault AddRestart(string name, int process, int round)
    {
        var restart = new Fault(prefix + PlannedFault.NameOf(FaultTarget.Silo), "restart", name, process, round, "", Now);
        Add(restart);
        return restart;
    }

    /// <summary>Records how the silo has ended.</summary>
    public void AddDrain(Fault restart, Drain drain) =>
        ImmutableInterlocked.Update(ref faults, list => list.Replace(restart, restart with { Drain = drain }));

    /// <summary>
    /// Whether the end of a process is a consequence of what was done, so that it is to be started again: it was a victim, or it is a silo,
    /// which may have to begin anew when others are gone.
    /// </summary>
    public bool Explains(int process, bool isSilo) =>
        victims.Contains(process) || plan.Faults.Any(fault => Claims.ClaimantOf(fault) == process) || (isSilo && !faults.IsEmpty);

    private void Add(Fault fault)
    {
        ImmutableInterlocked.Update(ref victims, ids => ids.Add(fault.Pid));
        ImmutableInterlocked.Update(ref faults, list => list.Add(fault));
    }

    /// <summary>The environment variables of faults, and of parents, which no process inherits.</summary>
    public static IReadOnlyList<string> Variables { get; } =
    [
        ProcessFaults.DevelopmentVariable, ProcessFaults.PlanVariable, ProcessFaults.FolderVariable, ProcessFaults.NetworkVariable,
        ProcessFaults.UplinkVariable, UplinkEnvironment.ParentVariable,
    ];
}
