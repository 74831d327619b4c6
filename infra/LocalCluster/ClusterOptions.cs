using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Storage;

namespace OrleansEdge.LocalCluster;

/// <summary>What to run.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The number of agent processes, of each site that has any.</summary>
    public int Devices { get; init; } = 4;

    /// <summary>The sites above and below each other; null for a single one.</summary>
    public HierarchyOptions? Hierarchy { get; init; }

    /// <summary>The number of silo processes of each site.</summary>
    public int Silos { get; init; } = 1;

    /// <summary>Whether a silo that was killed comes back on ports that it never had.</summary>
    public bool NewPorts { get; init; }

    /// <summary>Whether the site is in clear, for comparison.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>Where the site keeps its models and jobs.</summary>
    public StorageKind Storage { get; init; }

    /// <summary>What each device offers, as <c>EdgeAgent -- join --data NAME=SPEC</c> takes it, without the name.</summary>
    public string Data { get; init; } = "generated";

    /// <summary>How the data are divided over the devices.</summary>
    public string Split { get; init; } = "iid";

    /// <summary>A job file; null for the default job.</summary>
    public string? JobFile { get; init; }

    /// <summary>The number of rounds; null for what the job says.</summary>
    public int? Rounds { get; init; }

    /// <summary>The work folder, which is then kept; null for a temporary one.</summary>
    public string? Work { get; init; }

    /// <summary>Whether to keep a temporary work folder.</summary>
    public bool Keep { get; init; }

    /// <summary>Whether the last line of standard output is the report as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>What is done to which processes of the only site, or of the root, and when.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>The round from which on each silo is told to end and started again, one after the other; null for never.</summary>
    public int? RollingRestart { get; init; }

    /// <summary>What is wrong with the network inside each site.</summary>
    public NetworkFaults Network { get; init; } = NetworkFaults.None;

    /// <summary>Seeds the division of the data, and the default job.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The sites of the run with what happens to each, the root first and parents before their children.</summary>
    public IReadOnlyList<SitePlace> Places => Hierarchy is null
        ? [SitePlace.Alone(Devices) with { Faults = Faults }]
        : [.. SiteTree.Of(Hierarchy.Sites, Hierarchy.Tiers, Devices).Select((place, index) => Arm(place, Hierarchy, index))];

    private SitePlace Arm(SitePlace place, HierarchyOptions hierarchy, int index) => place with
    {
        Faults = place.Parent is null ? Faults : hierarchy.Faults.GetValueOrDefault(place.Name, FaultPlan.None),
        Uplink = place.Parent is null || (hierarchy.Wan == NetworkFaults.None && !hierarchy.Cuts.ContainsKey(place.Name))
            ? NetworkFaults.None
            : hierarchy.Wan with { Partition = hierarchy.Cuts.GetValueOrDefault(place.Name), Seed = hierarchy.Wan.Seed + index },
    };
}
