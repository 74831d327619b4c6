using System.Collections.Immutable;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.LocalCluster.Hierarchy;

/// <summary>What to run where sites take part in the rounds of a site above them.</summary>
internal sealed record HierarchyOptions
{
    /// <summary>How many sites are directly below the root.</summary>
    public int Sites { get; init; } = 2;

    /// <summary>How many tiers of sites there are, the root included.</summary>
    public int Tiers { get; init; } = 2;

    /// <summary>How many sites the root's round needs at its deadline; null for all.</summary>
    public int? Quorum { get; init; }

    /// <summary>What is wrong with every link from a site to its parent.</summary>
    public NetworkFaults Wan { get; init; } = NetworkFaults.None;

    /// <summary>Which sites are cut off from their parents, and when.</summary>
    public ImmutableSortedDictionary<SiteName, Partition> Cuts { get; init; } = ImmutableSortedDictionary<SiteName, Partition>.Empty;

    /// <summary>What is done to the processes of sites below the root.</summary>
    public ImmutableSortedDictionary<SiteName, FaultPlan> Faults { get; init; } = ImmutableSortedDictionary<SiteName, FaultPlan>.Empty;

    /// <summary>Whether the root's rounds go on without a site that is away.</summary>
    public bool MayMissSites => Quorum is { } quorum && quorum < Sites;
}
