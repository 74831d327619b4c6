using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.LocalCluster.Commands;
using OrleansEdge.LocalCluster.Hierarchy;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Hierarchy;

public sealed class SiteTreeTests
{
    [Fact]
    public void Site_alone_has_all_devices_and_no_prefix()
    {
        var place = Assert.Single(ClusterCommand.Read(["--devices", "3"]).Places);

        Assert.Equal(("local", 3, 1, 3, ""), (place.Name.Value, place.Devices, place.FirstPart, place.Parts, place.Prefix));
        Assert.Null(place.Parent);
    }

    [Fact]
    public void Sites_below_the_root_have_names_in_order_and_divide_the_data_over_all_their_devices()
    {
        var places = SiteTree.Of(sites: 4, tiers: 2, devices: 3);

        Assert.Equal(
            [
                "cloud below nobody: 0 devices from part 1 of 12",
                "harbour below cloud: 3 devices from part 1 of 12",
                "quarry below cloud: 3 devices from part 4 of 12",
                "orchard below cloud: 3 devices from part 7 of 12",
                "mill below cloud: 3 devices from part 10 of 12",
            ],
            places.Select(Describe));
    }

    [Fact]
    public void Further_tier_has_a_site_below_each_and_the_devices()
    {
        var places = SiteTree.Of(sites: 2, tiers: 3, devices: 1);

        Assert.Equal(
            [
                "cloud below nobody: 0 devices from part 1 of 2",
                "harbour below cloud: 0 devices from part 1 of 2",
                "quarry below cloud: 0 devices from part 1 of 2",
                "orchard below harbour: 1 devices from part 1 of 2",
                "mill below quarry: 1 devices from part 2 of 2",
            ],
            places.Select(Describe));
    }

    [Fact]
    public void Every_site_that_can_be_asked_for_has_a_name_of_its_own() =>
        Assert.Equal(SiteTree.MostSites + 1, SiteTree.Of(SiteTree.MostSites, tiers: 2, devices: 1).Select(place => place.Name).Distinct().Count());

    [Fact]
    public void Links_of_sites_are_bad_in_the_same_way_but_for_their_seeds_and_the_root_has_none()
    {
        var places = ClusterCommand.Read(["--sites", "2", "--insecure", "--wan", "delay:50ms", "--cut", "quarry@2:30s"]).Places;

        Assert.Equal(
            [NetworkFaults.None, NetworkFaults.Parse("delay:50ms seed:1"), NetworkFaults.Parse("delay:50ms partition:30s@2 seed:2")],
            places.Select(place => place.Uplink));
    }

    [Fact]
    public void Link_that_is_not_to_be_bad_is_good() =>
        Assert.All(ClusterCommand.Read(["--sites", "2", "--insecure"]).Places, place => Assert.Equal(NetworkFaults.None, place.Uplink));

    private static string Describe(SitePlace place) =>
        $"{place.Name} below {place.Parent?.Value ?? "nobody"}: {place.Devices} devices from part {place.FirstPart} of {place.Parts}";
}
