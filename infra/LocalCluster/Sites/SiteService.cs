using OrleansEdge.LocalCluster.Processes;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>A program of others that the silos of a site need: a store, a membership.</summary>
/// <param name="Process">The running process.</param>
/// <param name="Address">Where it listens, for people.</param>
/// <param name="SiloArguments">What a silo is told of it.</param>
/// <param name="SiloEnvironment">What a silo is told of it by its environment.</param>
internal sealed record SiteService(
    ManagedProcess Process, string Address, IReadOnlyList<string> SiloArguments, IReadOnlyDictionary<string, string> SiloEnvironment)
{
    /// <summary>The same service at another address, behind which it stands.</summary>
    public SiteService Behind(string address) => this with
    {
        Address = address,
        SiloArguments = [.. SiloArguments.Select(text => text.Replace(Address, address, StringComparison.Ordinal))],
        SiloEnvironment = SiloEnvironment.ToDictionary(variable => variable.Key, variable => variable.Value.Replace(Address, address, StringComparison.Ordinal)),
    };

    /// <summary>Its name.</summary>
    public string Name => Process.Name;
}
