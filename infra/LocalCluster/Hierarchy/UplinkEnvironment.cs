using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;

namespace OrleansEdge.LocalCluster.Hierarchy;

/// <summary>What a silo finds in its environment about the link to its site's parent.</summary>
internal static class UplinkEnvironment
{
    /// <summary>The parent's address. This program names parents by an option, so nobody inherits it.</summary>
    public const string ParentVariable = "ORLEANSEDGE_PARENT";

    /// <summary>The variables that make a link bad; none for a good one.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(NetworkFaults faults) => faults == NetworkFaults.None
        ? []
        : [new(ProcessFaults.UplinkVariable, faults.ToString()), new(ProcessFaults.DevelopmentVariable, "1")];
}
