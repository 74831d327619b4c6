using System.Globalization;
using OrleansEdge.LocalCluster.Hierarchy;
using Spectre.Console;

namespace OrleansEdge.LocalCluster.Display;

/// <summary>A line for each site below the root, on a terminal.</summary>
internal static class SiteGrid
{
    private static readonly string[] Titles = ["site", "link", "works for round", "own rounds", "by itself", "late updates", "accuracy", "up", "down"];

    /// <summary>How many lines it takes.</summary>
    public static int Lines(IReadOnlyCollection<SiteProgress> sites) => sites.Count == 0 ? 0 : sites.Count + 1;

    /// <summary>Draws the sites.</summary>
    public static Grid Of(IEnumerable<SiteProgress> sites)
    {
        var grid = new Grid().AddColumns(Titles.Length);
        grid.AddRow([.. Titles.Select(title => new Text(title, new Style(Color.Grey)))]);
        foreach (var site in sites)
        {
            grid.AddRow(
                new Text(site.Name.Value),
                Link(site),
                new Text(Number(site.ParentRound)),
                new Text(Number(site.Rounds)),
                new Text(Number(site.AutonomousRounds)),
                new Text(Number(site.StaleUpdatesAccepted)),
                new Text(site.Accuracy is { } accuracy ? Wording.Share(accuracy) : ""),
                new Text(Wording.Bytes(site.BytesUp)),
                new Text(Wording.Bytes(site.BytesDown)));
        }

        return grid;
    }

    private static Text Link(SiteProgress site) => site.IsConnected switch
    {
        null => new Text(""),
        true => new Text($"to {site.Parent}", new Style(Color.Green)),
        false => new Text($"cut off from {site.Parent}", new Style(Color.Red)),
    };

    private static string Number(int number) => number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture);
}
