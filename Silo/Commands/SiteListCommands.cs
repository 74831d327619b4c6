using System.CommandLine;
using OrleansEdge.Contracts.Sites;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>sites list|show|tree</c>: the hierarchy from a site downwards, and its link upwards.</summary>
internal static class SiteListCommands
{
    private const string NoSites = "There are no sites below: 'Silo serve --name NAME --parent URL' with the address of this one starts one.";

    /// <summary>Adds the verbs to the noun.</summary>
    public static void AddTo(Command sites)
    {
        sites.Subcommands.Add(List());
        sites.Subcommands.Add(Show());
        sites.Subcommands.Add(Tree());
    }

    private static Command List()
    {
        var list = Commands.Create(
            "list", "List the sites below, those below them included, with their links and their devices. Sites that have been silent for an hour are not listed",
            "sites list", "sites list --json");
        CommandContext.SetAction(list, async (context, _, cancellation) =>
        {
            var tree = await SiteTree.Of(context.Site, cancellation);
            context.Terminal.Result(tree, terminal => PrintList(terminal, tree, context.Time.GetUtcNow()));
        });
        return list;
    }

    private static Command Show()
    {
        var name = new Argument<string>("NAME") { Description = "The site's name, as 'sites list' shows it; for one further down, its path from there or its last part" };
        var show = Commands.Create(
            "show", "Show a site below: its link, its devices, and what it does in each job", "sites show harbour", "sites show harbour/pier --json");
        show.Arguments.Add(name);
        CommandContext.SetAction(show, async (context, parse, cancellation) =>
        {
            var tree = await SiteTree.Of(context.Site, cancellation);
            var site = Find(tree, parse.GetRequiredValue(name));
            context.Terminal.Result(site, terminal => ShowSite(terminal, site, context.Time.GetUtcNow()));
        });
        return show;
    }

    private static Command Tree()
    {
        var command = Commands.Create(
            "tree", "Print the hierarchy from the site that is asked downwards: links, devices, rounds of each tier; and the link upwards", "sites tree", "sites tree --json");
        CommandContext.SetAction(command, async (context, _, cancellation) =>
        {
            var tree = await SiteTree.Of(context.Site, cancellation);
            context.Terminal.Result(tree, terminal => PrintTree(terminal, tree, context.Time.GetUtcNow()));
        });
        return command;
    }

    /// <summary>Prints a line for each site.</summary>
    internal static void PrintList(Terminal terminal, SiteTree tree, DateTimeOffset now)
    {
        if (tree.Sites.IsEmpty)
        {
            terminal.Line(NoSites);
            return;
        }

        terminal.Table(
            ["SITE", "STATE", "DEVICES", "LINK UP FOR", "ROUND TRIP", "UP", "DOWN", "JOBS"], tree.All().Select(site => Row(site, now)), 2, 4, 5, 6);
    }

    private static string[] Row(SiteBelow site, DateTimeOffset now)
    {
        var link = site.Report.Link;
        return
        [
            site.Path, SitePhrases.State(site, now), Phrases.Of((int?)site.Report.Devices), site.SilentSince is null ? Phrases.Duration(now - link.Since) : Phrases.Nothing,
            SitePhrases.RoundTrip(link.RoundTripMilliseconds), Phrases.Bytes(link.BytesUp), Phrases.Bytes(link.BytesDown),
            site.Report.Jobs.IsDefaultOrEmpty ? Phrases.Nothing : string.Join(", ", site.Report.Jobs.Select(job => job.Job)),
        ];
    }

    /// <summary>Finds a site by its path; by its name where there is only one of that name.</summary>
    internal static SiteBelow Find(SiteTree tree, string name)
    {
        var all = tree.All().ToList();
        if (all.Find(site => site.Path == name) is { } exact)
        {
            return exact;
        }

        var named = all.FindAll(site => site.Report.Name.Value == name);
        return named.Count switch
        {
            1 => named[0],
            0 => throw new CommandException($"There is no site '{name}' below '{tree.Name}': 'sites list' shows those that are."),
            _ => throw new CommandException($"There are several sites '{name}': write {string.Join(" or ", named.Select(site => site.Path))}.", ExitCodes.WrongInput),
        };
    }

    /// <summary>Prints a site.</summary>
    internal static void ShowSite(Terminal terminal, SiteBelow site, DateTimeOffset now)
    {
        var report = site.Report;
        terminal.Fields(
            ("site", site.Path),
            ("state", SitePhrases.State(site, now)),
            ("last seen", Phrases.Ago(site.LastSeen, now)),
            ("link", site.SilentSince is null ? SitePhrases.Link(report.Link, now) : "down, or the site is"),
            ("devices", Phrases.Of((int?)report.Devices)),
            ("sites below", report.Sites.IsDefaultOrEmpty ? null : string.Join(", ", report.Sites.Select(below => below.Name))));
        if (report.Jobs.IsDefaultOrEmpty)
        {
            return;
        }

        terminal.Line();
        terminal.Table(
            ["JOB", "PARENT'S ROUND", "OWN ROUNDS", "BY ITSELF", "ACCEPTED", "STALE", "ACCURACY"], report.Jobs.Select(Row), 1, 2, 3, 4, 5, 6);
    }

    private static string[] Row(SiteJob job) =>
    [
        job.Job.Value, Phrases.Of((int?)job.ParentRound), Phrases.Of((int?)job.Rounds), Phrases.Of((int?)job.AutonomousRounds), Phrases.Of((int?)job.UpdatesAccepted),
        Phrases.Of((int?)job.StaleUpdatesAccepted), Phrases.Of(job.Accuracy),
    ];

    /// <summary>Prints the hierarchy.</summary>
    internal static void PrintTree(Terminal terminal, SiteTree tree, DateTimeOffset now)
    {
        terminal.Line($"{tree.Name}   {Phrases.Count(tree.Devices, "device")}");
        terminal.Line($"  parent: {SitePhrases.Uplink(tree.Uplink, now)}");
        foreach (var job in tree.Uplink.Jobs)
        {
            terminal.Line($"  {job.Job}: {SitePhrases.Work(job)}");
        }

        foreach (var site in tree.All())
        {
            var indent = new string(' ', 4 * site.Depth);
            var link = site.SilentSince is null ? $"   {SitePhrases.Link(site.Report.Link, now)}" : "";
            terminal.Line($"{indent}{site.Report.Name}   {SitePhrases.State(site, now)}   {Phrases.Count(site.Report.Devices, "device")}{link}");
            foreach (var job in site.Report.Jobs.IsDefault ? [] : site.Report.Jobs)
            {
                terminal.Line($"{indent}  {job.Job}: {SitePhrases.Work(job)}");
            }
        }

        if (tree.Sites.IsEmpty)
        {
            terminal.Line(NoSites);
        }
    }
}
