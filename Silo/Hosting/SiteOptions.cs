using System.Net;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Hosting.Storage;

namespace OrleansEdge.Silo.Hosting;

/// <summary>How a site is run.</summary>
internal sealed record SiteOptions
{
    /// <summary>The site's name; also the id of its Orleans cluster.</summary>
    public required Contracts.Identifiers.SiteName Name { get; init; }

    /// <summary>The one port where everyone starts, by the address under which it is reached.</summary>
    public required Uri Url { get; init; }

    /// <summary>The address under which the silo is reached; loopback by default.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The address on which the silo listens, which may be any of this machine's.</summary>
    public required IPAddress Listen { get; init; }

    /// <summary>Where the HTTP port listens in clear.</summary>
    public required string ListenUrl { get; init; }

    /// <summary>The port for other silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>The port for participants.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The certificates that protect the site; null for one in clear.</summary>
    public CertificateFolder? Certificates { get; init; }

    /// <summary>Whether the site is in clear for others than this machine, since an operator wanted that.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>Where the site keeps its models and jobs.</summary>
    public required StoreLocation Store { get; init; }

    /// <summary>The Redis in which the site's silos know each other; null for a site of one silo.</summary>
    public RedisAddress? Cluster { get; init; }

    /// <summary>The password of that Redis; null for none.</summary>
    public string? ClusterPassword { get; init; }

    /// <summary>The HTTP addresses of the parent's silos; none for a site without a parent.</summary>
    public IReadOnlyList<Uri> Parents { get; init; } = [];

    /// <summary>Without the password, whoever writes this somewhere.</summary>
    public override string ToString() => $"{nameof(SiteOptions)} {{ Name = {Name}, Url = {Url} }}";
}
