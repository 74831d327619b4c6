using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Display;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Display;

public sealed class SiteWordingTests
{
    private static readonly SiteProgress Harbour = new() { Name = SiteName.Parse("harbour"), Parent = SiteTree.Root };

    [Fact]
    public void Site_that_finds_its_parent_at_the_start_is_no_news() => Assert.Empty(Wording.Site(null, Harbour with { IsConnected = true }));

    [Fact]
    public void Link_that_is_lost_and_found_again_is_told_each_time()
    {
        Assert.Equal(["harbour does not reach cloud"], Wording.Site(Harbour with { IsConnected = true }, Harbour with { IsConnected = false }));
        Assert.Equal(["harbour reaches cloud again"], Wording.Site(Harbour with { IsConnected = false }, Harbour with { IsConnected = true }));
    }

    [Fact]
    public void Rounds_by_itself_and_late_updates_are_told_when_there_are_more()
    {
        var now = Harbour with { AutonomousRounds = 1, StaleUpdatesAccepted = 2 };

        Assert.Equal(
            ["harbour goes on by itself: 1 round so far", "cloud has accepted 2 late updates of harbour so far"],
            Wording.Site(Harbour, now));
        Assert.Empty(Wording.Site(now, now));
    }

    [Fact]
    public void Site_is_summed_up_in_a_line()
    {
        var report = SiteReport.Of(Harbour with { Accuracy = 0.951, Rounds = 7, BytesUp = 1500, BytesDown = 2000 });

        Assert.Equal("harbour: accuracy 95.10 % after 7 rounds of its own, 1.5 kB up and 2.0 kB down to cloud", Wording.Site(report));
        Assert.EndsWith(", 2 rounds by itself, 1 late update accepted", Wording.Site(report with { AutonomousRounds = 2, StaleUpdatesAccepted = 1 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_a_plain_display_tell_of_each_change_once()
    {
        using var output = new StringWriter();
        var display = new PlainDisplay(output);

        display.Show(show =>
        {
            show(new RunSnapshot { Activity = "training", Sites = [Harbour with { IsConnected = true }] });
            show(new RunSnapshot { Activity = "training", Sites = [Harbour with { IsConnected = false }] });
            show(new RunSnapshot { Activity = "training", Sites = [Harbour with { IsConnected = false }] });
            return Task.FromResult(0);
        });

        Assert.Equal(["training", "harbour does not reach cloud"], output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
