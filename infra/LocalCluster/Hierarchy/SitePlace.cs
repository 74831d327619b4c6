using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.LocalCluster.Hierarchy;

/// <summary>A site's place in a run: its name, its parent, and which part of the data its devices have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parent">The site above; null for the root.</param>
/// <param name="Tier">How far from the root it is: 0 for the root itself.</param>
/// <param name="Devices">How many devices it has of its own.</param>
/// <param name="FirstPart">The number of the part of its first device, from 1.</param>
/// <param name="Parts">In how many parts the data are divided, over all devices of all sites.</param>
internal sealed record SitePlace(SiteName Name, SiteName? Parent, int Tier, int Devices, int FirstPart, int Parts)
{
    /// <summary>The name of a site that is alone, so that it need not be named.</summary>
    public static readonly SiteName AloneName = SiteName.Parse("local");

    /// <summary>What is done to the site's processes.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>What is wrong with the link to the parent.</summary>
    public NetworkFaults Uplink { get; init; } = NetworkFaults.None;

    /// <summary>What the names of its processes begin with: nothing where there is only one site.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The only site of a run.</summary>
    public static SitePlace Alone(int devices) => new(AloneName, Parent: null, Tier: 0, devices, FirstPart: 1, devices);
}
