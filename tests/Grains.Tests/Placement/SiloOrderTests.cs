using System.Net;
using OrleansEdge.Grains.Placement;

namespace OrleansEdge.Grains.Tests.Placement;

public sealed class SiloOrderTests
{
    private static readonly SiloAddress[] Silos = [.. Enumerable.Range(1, 5).Select(number => Silo(number, generation: 7))];

    [Fact]
    public void Order_does_not_depend_on_who_asks() =>
        Assert.Equal(SiloOrder.Of("digits", Silos), SiloOrder.Of("digits", Silos.Reverse()));

    [Fact]
    public void Silo_that_is_gone_leaves_the_order_of_the_others_as_it_was()
    {
        var all = SiloOrder.Of("digits", Silos);
        foreach (var gone in Silos)
        {
            Assert.Equal(all.Where(silo => silo != gone), SiloOrder.Of("digits", Silos.Where(silo => silo != gone)));
        }
    }

    [Fact]
    public void Silo_that_has_started_again_has_its_old_place()
    {
        var again = Silos.Select(silo => SiloAddress.New(silo.Endpoint, silo.Generation + 1));

        Assert.Equal(
            SiloOrder.Of("digits", Silos).Select(silo => silo.Endpoint), SiloOrder.Of("digits", again).Select(silo => silo.Endpoint));
    }

    [Fact]
    public void Jobs_are_at_home_in_all_silos()
    {
        var homes = Enumerable.Range(0, 1000).CountBy(number => SiloOrder.Of($"job{number}", Silos)[0]).ToDictionary();

        Assert.Equal(Silos.Length, homes.Count);
        Assert.All(homes.Values, count => Assert.InRange(count, 150, 250));
    }

    [Fact]
    public void Nothing_is_ordered_when_there_are_no_silos() => Assert.Empty(SiloOrder.Of("digits", []));

    private static SiloAddress Silo(int number, int generation) => SiloAddress.New(IPEndPoint.Parse($"10.0.0.{number}:11111"), generation);
}
