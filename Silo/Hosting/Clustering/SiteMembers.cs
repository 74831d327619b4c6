using System.Collections.Immutable;
using System.Net;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace OrleansEdge.Silo.Hosting.Clustering;

/// <summary>The silos of a site that are alive, and where each listens.</summary>
internal sealed class SiteMembers(SiteOptions options, ILocalSiloDetails self, IClusterMembershipService membership, ISiloMetadataCache metadata)
{
    private const string HttpKey = "http";
    private const string GatewayKey = "gateway";

    /// <summary>What each silo tells the others of itself.</summary>
    public static Dictionary<string, string> Describe(SiteOptions options) => new()
    {
        [HttpKey] = options.Url.GetLeftPart(UriPartial.Authority),
        [GatewayKey] = new IPEndPoint(options.Address, options.GatewayPort).ToString(),
    };

    /// <summary>Whether this silo takes part: it has joined, and is not leaving.</summary>
    public bool IsActive => membership.CurrentSnapshot.GetSiloStatus(self.SiloAddress) == SiloStatus.Active;

    /// <summary>
    /// The gateways, <c>address:port</c>, and the HTTP addresses of all silos that are active. This silo is among them while it is not; one that
    /// has only just joined is left out until it has introduced itself.
    /// </summary>
    public (IReadOnlyList<string> Gateways, IReadOnlyList<string> Addresses) List()
    {
        var active = membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(self.SiloAddress))
            .Select(member => metadata.GetSiloMetadata(member.SiloAddress).Metadata)
            .Where(known => known.ContainsKey(HttpKey) && known.ContainsKey(GatewayKey))
            .ToList();
        if (IsActive || active.Count == 0)
        {
            active.Insert(0, ImmutableDictionary.CreateRange(Describe(options)));
        }

        return ([.. active.Select(known => known[GatewayKey])], [.. active.Select(known => known[HttpKey])]);
    }
}
