namespace OrleansEdge.Contracts.Sites;

/// <summary>What <c>/site</c> tells everyone who starts at a site's HTTP port, as JSON in camel case.</summary>
/// <param name="Name">The site's name.</param>
/// <param name="ClusterId">Orleans' cluster id.</param>
/// <param name="ServiceId">Orleans' service id.</param>
/// <param name="Gateways">The gateways to connect to, each <c>address:port</c>.</param>
/// <param name="ContractVersion">The version of the contract that the site speaks.</param>
public sealed record SiteDescription(string Name, string ClusterId, string ServiceId, IReadOnlyList<string> Gateways, int ContractVersion)
{
    /// <summary>The HTTP addresses of all silos of the site, as <see cref="Gateways"/> names their gateways; each tells the same.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>How the site is protected: <c>certificates</c>; <c>loopback</c>, in clear for its own machine; <c>insecure</c>, in clear for everyone.</summary>
    public string? Protection { get; init; }

    /// <summary>The SHA-256 of the authority's certificate, in hexadecimal digits; null for a site in clear.</summary>
    public string? Authority { get; init; }

    /// <summary>The names of the sites above this one, the nearest first, as far as it knows them.</summary>
    public IReadOnlyList<string> Ancestors { get; init; } = [];

    /// <summary>Whether the site has as many participants as it takes: one more hears so, and may go to another site.</summary>
    public bool IsFull { get; init; }

    /// <summary>The version of the contract in this assembly. An agent and a site of different versions refuse each other.</summary>
    public const int CurrentContractVersion = 2;
}
