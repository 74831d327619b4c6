using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.LocalCluster.Hierarchy;

/// <summary>
/// The sites of a run: the root, below it as many sites as the user wants, and below each of these one more for each further tier. Devices are
/// at the sites of the lowest tier.
/// </summary>
internal static class SiteTree
{
    /// <summary>The most sites below the root, over all tiers: each is a process of its own, and more.</summary>
    public const int MostSites = 16;

    /// <summary>The root's name.</summary>
    public static readonly SiteName Root = SiteName.Parse("cloud");

    private static readonly string[] Names =
    [
        "harbour", "quarry", "orchard", "mill", "forge", "meadow", "lighthouse", "granary", "brewery", "sawmill", "vineyard", "shipyard", "foundry",
        "dairy", "smithy", "observatory",
    ];

    /// <summary>Lays the sites out: parents before their children, and each tier in the order of its parents.</summary>
    /// <param name="sites">How many sites are directly below the root.</param>
    /// <param name="tiers">How many tiers of sites there are, the root included.</param>
    /// <param name="devices">How many devices each site of the lowest tier has.</param>
    public static IReadOnlyList<SitePlace> Of(int sites, int tiers, int devices)
    {
        var parts = sites * devices;
        var places = new List<SitePlace> { Place(Root, parent: null, tier: 0, devices: 0, firstPart: 1, parts) };
        for (var tier = 1; tier < tiers; tier++)
        {
            for (var site = 0; site < sites; site++)
            {
                var index = ((tier - 1) * sites) + site;
                var isLowest = tier == tiers - 1;
                places.Add(Place(
                    SiteName.Parse(Names[index]), tier == 1 ? Root : SiteName.Parse(Names[index - sites]), tier,
                    isLowest ? devices : 0, isLowest ? (site * devices) + 1 : 1, parts));
            }
        }

        return places;
    }

    private static SitePlace Place(SiteName name, SiteName? parent, int tier, int devices, int firstPart, int parts) =>
        new(name, parent, tier, devices, firstPart, parts) { Prefix = $"{name}/" };
}
