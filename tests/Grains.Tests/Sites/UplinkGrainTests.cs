using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Sites;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Sites;

public sealed class UplinkGrainTests
{
    private static readonly DataName Digits = DataName.Parse("digits");
    private static readonly DataName Meters = DataName.Parse("meters");

    [Fact]
    public async Task A_site_that_has_just_started_offers_its_parent_no_less_than_before()
    {
        await using var fleet = await TestFleet.Start();
        Assert.Equal([Digits], await Uplink(fleet).Offer([Digits]));

        await fleet.Restart(options => options.Liveness = TimeSpan.FromHours(1));
        await Uplink(fleet).Touch();
        Assert.Equal([Digits], await Uplink(fleet).Offer([]));
        Assert.Equal([Digits, Meters], await Uplink(fleet).Offer([Meters]));
    }

    [Fact]
    public async Task A_site_whose_devices_have_had_the_time_to_come_back_offers_what_is_there()
    {
        await using var fleet = await TestFleet.Start();
        await Uplink(fleet).Offer([Digits, Meters]);

        await fleet.Restart(options => options.Liveness = TimeSpan.Zero);
        Assert.Equal([Meters], await Uplink(fleet).Offer([Meters]));
        Assert.Empty(await Uplink(fleet).Offer([]));
    }

    private static IUplinkGrain Uplink(TestFleet fleet) => fleet.Site.Grains.GetGrain<IUplinkGrain>(StorageNames.Uplink);
}
