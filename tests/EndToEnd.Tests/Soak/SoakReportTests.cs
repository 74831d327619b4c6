using OrleansEdge.Soak;

namespace OrleansEdge.EndToEnd.Tests.Soak;

public sealed class SoakReportTests
{
    private const string Blobs = "store, least blobs";

    [Fact]
    public void A_store_that_holds_more_between_collections_because_rounds_are_faster_does_not_grow() =>
        Assert.False(Fit(round => (round % 20) * (1 + (round / 200))).Grows);

    [Fact]
    public void A_store_in_which_something_stays_behind_grows()
    {
        var growth = Fit(round => (round % 20) + (round / 20));

        Assert.True(growth.Grows);
        Assert.InRange(growth.Slope.PerRound, 0.045, 0.055);
    }

    /// <summary>Two rounds a second, and a collection every 20 rounds.</summary>
    private static Growth Fit(Func<int, int> extra) => SoakReport.Fit(
    [
        .. Enumerable.Range(0, 1000).Select(round => new SoakSample(round, round / 2.0, null, [], new StoreReading(20 + extra(round), 1000, 0))),
    ]).Single(growth => growth.Name == Blobs);
}
