using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Silo.Commands;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Tests.Commands;

public sealed class SiteTreeTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly JobId Job = JobId.Parse("digits");

    private static readonly SiteReport Pier = Report("pier", 2, []);
    private static readonly SiteReport Harbour = Report("harbour", 4, [Pier]);
    private static readonly SiteReport Quarry = Report("quarry", 3, [Report("pit", 1, [])]);

    private static readonly ImmutableArray<ChildSite> Children =
    [
        new("harbour", true, Now, Harbour), new("quarry", false, Now.AddMinutes(-5), Quarry),
    ];

    private static readonly UplinkAnswer NoParent = new(null, null, false, default, 0, 0, 0, null, []);

    [Fact]
    public async Task Tree_is_what_the_site_says_of_itself_of_its_fleet_and_of_its_links()
    {
        using var handler = new Site();
        using var api = new SiteApi([new Uri("http://cloud:7400")], handler);

        var tree = await SiteTree.Of(api, TestContext.Current.CancellationToken);

        Assert.Equal(("cloud", 1), (tree.Name, tree.Devices));
        Assert.Equal(["harbour", "harbour/pier", "quarry", "quarry/pit"], tree.All().Select(site => site.Path));
        Assert.Equal([null, null, Now.AddMinutes(-5), Now.AddMinutes(-5)], tree.All().Select(site => site.SilentSince));
    }

    [Fact]
    public void Tree_is_printed_with_links_rounds_and_who_is_silent()
    {
        Assert.Equal(
            """
            cloud   1 device
              parent: none: this site has no parent ('serve --parent URL' gives it one)
                harbour   alive   4 devices   link up for 1 h 0 min, 102.5 ms, 2.0 KiB up, 3.0 MiB down
                  digits: round 3 of its parent, 6 rounds of its own (1 by itself), 3 updates accepted (2 stale), accuracy 0.9125
                    pier   alive   2 devices   link up for 1 h 0 min, 102.5 ms, 2.0 KiB up, 3.0 MiB down
                      digits: round 3 of its parent, 6 rounds of its own (1 by itself), 3 updates accepted (2 stale), accuracy 0.9125
                quarry   silent for 5 min 0 s   3 devices
                  digits: round 3 of its parent, 6 rounds of its own (1 by itself), 3 updates accepted (2 stale), accuracy 0.9125
                    pit   silent for 5 min 0 s   1 device
                      digits: round 3 of its parent, 6 rounds of its own (1 by itself), 3 updates accepted (2 stale), accuracy 0.9125

            """,
            Print(terminal => SiteListCommands.PrintTree(terminal, new("cloud", 1, NoParent, Children), Now)));
    }

    [Fact]
    public void List_has_a_line_for_each_site_and_no_link_of_one_that_is_silent() => Assert.Equal(
        """
        SITE           STATE                  DEVICES   LINK UP FOR   ROUND TRIP        UP      DOWN   JOBS
        harbour        alive                        4   1 h 0 min       102.5 ms   2.0 KiB   3.0 MiB   digits
        harbour/pier   alive                        2   1 h 0 min       102.5 ms   2.0 KiB   3.0 MiB   digits
        quarry         silent for 5 min 0 s         3   -               102.5 ms   2.0 KiB   3.0 MiB   digits
        quarry/pit     silent for 5 min 0 s         1   -               102.5 ms   2.0 KiB   3.0 MiB   digits

        """,
        Print(terminal => SiteListCommands.PrintList(terminal, new("cloud", 1, NoParent, Children), Now)));

    [Fact]
    public void Site_is_shown_with_its_link_and_what_it_does_in_each_job()
    {
        var tree = new SiteTree("cloud", 1, NoParent, Children);

        Assert.Equal(
            """
            site         harbour
            state        alive
            last seen    0 s ago
            link         link up for 1 h 0 min, 102.5 ms, 2.0 KiB up, 3.0 MiB down
            devices      4
            sites below  pier

            JOB      PARENT'S ROUND   OWN ROUNDS   BY ITSELF   ACCEPTED   STALE   ACCURACY
            digits                3            6           1          3       2     0.9125

            """,
            Print(terminal => SiteListCommands.ShowSite(terminal, SiteListCommands.Find(tree, "harbour"), Now)));
        Assert.Contains(
            "down, or the site is\n", Print(terminal => SiteListCommands.ShowSite(terminal, SiteListCommands.Find(tree, "quarry"), Now)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_site_without_sites_below_says_how_to_start_one()
    {
        var text = Print(terminal => SiteListCommands.PrintTree(terminal, new("cloud", 0, NoParent, []), Now));

        Assert.EndsWith("There are no sites below: 'Silo serve --name NAME --parent URL' with the address of this one starts one.\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_site_is_found_by_its_path_and_by_a_name_that_only_one_has()
    {
        var tree = new SiteTree("cloud", 0, NoParent, [.. Children, new("mill", true, Now, Report("mill", 1, [Pier]))]);

        Assert.Equal("quarry/pit", SiteListCommands.Find(tree, "pit").Path);
        Assert.Equal("mill/pier", SiteListCommands.Find(tree, "mill/pier").Path);
        Assert.Equal(
            "There are several sites 'pier': write harbour/pier or mill/pier.", Assert.Throws<CommandException>(() => SiteListCommands.Find(tree, "pier")).Message);
        Assert.Equal(
            "There is no site 'sea' below 'cloud': 'sites list' shows those that are.", Assert.Throws<CommandException>(() => SiteListCommands.Find(tree, "sea")).Message);
    }

    [Fact]
    public void The_link_upwards_says_whether_it_is_up_and_what_is_the_matter()
    {
        var uplink = new UplinkAnswer(new("http://cloud:7400"), "cloud", true, Now.AddMinutes(-2), 12.34, 1 << 10, 1 << 20, null, []);

        Assert.Equal("'cloud' at http://cloud:7400/, connected for 2 min 0 s, 12.3 ms, 1.0 KiB up, 1.0 MiB down", SitePhrases.Uplink(uplink, Now));
        Assert.Equal(
            "'cloud' at http://cloud:7400/, not connected for 2 min 0 s; nobody listens there",
            SitePhrases.Uplink(uplink with { Connected = false, Trouble = "nobody listens there." }, Now));
    }

    [Fact]
    public void Each_tier_of_a_watched_job_has_a_line_that_comes_again_only_with_news()
    {
        var lines = new List<string>();
        var view = new PlainWatchView(lines.Add, TimeProvider.System);
        var report = new JobReport(Status(JobPhase.Training), []) { Tiers = JobTierReport.Of(Job, Children[..1]) };

        view.Show(report);
        view.Show(report);
        view.Show(report with { Tiers = JobTierReport.Of(Job, [Children[0] with { Alive = false }])[..1] });

        Assert.Equal(
            [
                "  harbour: round 3 of its parent, 6 rounds of its own (1 by itself), 3 updates accepted (2 stale), accuracy 0.9125",
                "    pier: round 3 of its parent, 6 rounds of its own (1 by itself), 3 updates accepted (2 stale), accuracy 0.9125",
                "round 4 of 5: training",
                "  harbour: round 3 of its parent, 6 rounds of its own (1 by itself), 3 updates accepted (2 stale), accuracy 0.9125, as it said last: it is silent now",
            ],
            lines);
    }

    [Fact]
    public void A_job_that_a_site_runs_for_its_parent_says_so_and_has_no_last_round()
    {
        var status = Status(JobPhase.Training) with { Round = 7, Rounds = 7, ForParent = Work, Parent = SiteName.Parse("cloud") };
        var page = Print(terminal => JobPages.Show(terminal, new(status, []), Now));

        Assert.Matches("\nruns +for the parent 'cloud', its round 3\n", page);
        Assert.Matches("\nrounds +6\n", page);
        Assert.Equal("for the parent 'cloud', its round 3: round 7 of the site: training", WatchPhrases.Standing(status));
        Assert.Equal("for the parent 'cloud', its round 3: waits for its parent", WatchPhrases.Standing(status with { Phase = JobPhase.Waiting }));
        Assert.Equal("waiting for its parent", Phrases.Of(status with { Phase = JobPhase.Waiting }));
    }

    private static SiteJob Work => new(Job, 3, 6, 1, 3, 2, 0.9125);

    private static SiteReport Report(string name, int devices, ImmutableArray<SiteReport> sites) =>
        new(SiteName.Parse(name), devices, new(Now.AddHours(-1), 102.5, 2 << 10, 3 << 20), [Work], sites);

    private static JobStatus Status(JobPhase phase) => new() { Job = Job, Phase = phase, Round = 4, Rounds = 5, CreatedAt = Now };

    private static string Print(Action<Terminal> print)
    {
        using var output = new StringWriter();
        print(new(output, TextWriter.Null, isJson: false, isInteractive: false));
        return string.Join('\n', output.ToString().Split('\n').Select(line => line.TrimEnd()));
    }

    private sealed class Site : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answer(request.RequestUri!.AbsolutePath), Encoding.UTF8, "application/json") });

        private static string Answer(string path) => path switch
        {
            "/site" => JsonSerializer.Serialize(
                new SiteDescription("cloud", "cloud", "orleansedge", [], SiteDescription.CurrentContractVersion), JsonSerializerOptions.Web),
            "/api/uplink" => JsonSerializer.Serialize(NoParent, SiteJson.Options),
            "/api/sites" => JsonSerializer.Serialize(Children, SiteJson.Options),
            "/api/participants" => JsonSerializer.Serialize<ImmutableArray<FleetEntry>>([Entry("dev1"), Entry("harbour") with { Site = Harbour }], SiteJson.Options),
            _ => throw new InvalidOperationException(path),
        };

        private static FleetEntry Entry(string participant) => new(ParticipantId.Parse(participant), [], Now, Now, new ParticipantActivity(null, 0));
    }
}
