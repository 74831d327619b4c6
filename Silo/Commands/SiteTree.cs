using System.Collections.Immutable;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary>The hierarchy from a site downwards, and its link upwards.</summary>
/// <param name="Name">The site that was asked.</param>
/// <param name="Devices">How many of its own devices are alive.</param>
/// <param name="Uplink">Its link to the site above.</param>
/// <param name="Sites">The sites right below it.</param>
internal sealed record SiteTree(string Name, int Devices, UplinkAnswer Uplink, ImmutableArray<ChildSite> Sites)
{
    /// <summary>Asks a site.</summary>
    public static async Task<SiteTree> Of(SiteApi site, CancellationToken cancellation)
    {
        var description = await site.GetDescription(cancellation);
        var fleet = await site.ListParticipants(cancellation);
        return new(
            description.Name, fleet.Count(entry => entry is { Alive: true, Site: null }), await site.GetUplink(cancellation), await site.ListSites(cancellation));
    }

    /// <summary>All sites below, each with those below it right after it.</summary>
    public IEnumerable<SiteBelow> All() => Flatten(Sites);

    /// <inheritdoc cref="All()"/>
    public static IEnumerable<SiteBelow> Flatten(ImmutableArray<ChildSite> children) =>
        children.SelectMany(child => Flatten(child.Report, "", 1, child.LastSeen, child.Alive ? null : child.LastSeen));

    private static IEnumerable<SiteBelow> Flatten(SiteReport report, string above, int depth, DateTimeOffset lastSeen, DateTimeOffset? silentSince)
    {
        var path = above.Length == 0 ? report.Name.Value : $"{above}/{report.Name}";
        IEnumerable<SiteReport> sites = report.Sites.IsDefault ? [] : report.Sites;
        return sites.SelectMany(site => Flatten(site, path, depth + 1, lastSeen, silentSince)).Prepend(new(report, path, depth, lastSeen, silentSince));
    }
}

/// <summary>One site below the one that was asked.</summary>
/// <param name="Report">What it said last.</param>
/// <param name="Path">Its name after those of the sites between, from the top.</param>
/// <param name="Depth">How many tiers it is below: 1 for those right below.</param>
/// <param name="LastSeen">When the site right below, through which it is heard of, was heard of last.</param>
/// <param name="SilentSince">The same where that is too long ago; null where it is heard of now.</param>
internal sealed record SiteBelow(SiteReport Report, string Path, int Depth, DateTimeOffset LastSeen, DateTimeOffset? SilentSince);
