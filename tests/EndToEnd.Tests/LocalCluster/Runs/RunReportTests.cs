using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Runs;

public sealed class RunReportTests
{
    [Fact]
    public void Site_alone_is_reported_without_others() =>
        Assert.False(JsonDocument.Parse(new RunReport().ToJson()).RootElement.TryGetProperty("sites", out _));

    [Fact]
    public void Sites_are_reported_with_what_came_of_each()
    {
        var harbour = new SiteProgress
        {
            Name = SiteName.Parse("harbour"),
            Parent = SiteTree.Root,
            Accuracy = 0.5,
            BytesUp = 1,
            BytesDown = 2,
            AutonomousRounds = 3,
            StaleUpdatesAccepted = 4,
            Rounds = 5,
            UpdatesAccepted = 6,
        };

        Assert.Equal(
            """
            [{"name":"harbour","parent":"cloud","accuracy":0.5,"bytesUp":1,"bytesDown":2,"rounds":5,"autonomousRounds":3,"updatesAccepted":6,"staleUpdatesAccepted":4}]
            """,
            JsonDocument.Parse(new RunReport { Sites = [SiteReport.Of(harbour)] }.ToJson()).RootElement.GetProperty("sites").GetRawText());
    }
}
