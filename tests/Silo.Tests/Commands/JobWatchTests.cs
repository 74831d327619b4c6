using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Silo.Commands;
using OrleansEdge.Silo.Web;
using Spectre.Console;

namespace OrleansEdge.Silo.Tests.Commands;

public sealed class JobWatchTests
{
    private static readonly JobId Job = JobId.Parse("digits");
    private static readonly DateTimeOffset Begin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly RoundRecord[] Rounds =
    [
        new(1, Version(1), 1, 4, 0, 1.5, new(1.25, 0.5, 100), 2.5, Begin),
        new(2, null, 0, 1, 3, null, null, 9, Begin),
    ];

    private static readonly Moment[] Story =
    [
        new(Status(JobPhase.Describing, 0) with { Waiting = "2 more participants must join" }, []),
        new(Status(JobPhase.Initialising, 0) with { Waiting = "a participant makes version 0" }, []),
        new(Status(JobPhase.Training, 1), []),
        new(null, []),
        new(null, []),
        new(Status(JobPhase.Training, 1), []),
        new(Status(JobPhase.Training, 2), Rounds[..1]),
        new(Status(JobPhase.Completed, 2) with { Version = Version(1), Evaluation = Rounds[0].Evaluation, EndedAt = Begin.AddSeconds(75) }, Rounds),
    ];

    [Fact]
    public void Round_that_was_not_measured_is_told_with_the_reason()
    {
        var lines = new List<string>();

        new PlainWatchView(lines.Add, TimeProvider.System).Show(
            new(Status(JobPhase.Training, 2), [Rounds[0] with { Evaluation = null, Unmeasured = "'dev1' says: no test set." }]));

        Assert.Equal("round 1 of 2: digits@1, not measured ('dev1' says: no test set), 4 updates, 2.5 s", lines[0]);
    }

    [Fact]
    public async Task Plain_lines_tell_each_news_once_and_survive_a_site_that_is_away()
    {
        var lines = new List<string>();

        var report = await Follow(new PlainWatchView(lines.Add, TimeProvider.System));

        Assert.Equal(JobPhase.Completed, report.Status.Phase);
        Assert.Equal(
            [
                "the participants describe their data; 2 more participants must join",
                "a participant makes version 0",
                "round 1 of 2: training",
                "There is no site at http://site:7400/: start one with the verb 'serve', or say where it is with --site URL or ORLEANSEDGE_SITE. " +
                    "Watching goes on until the site answers.",
                "The site answers again.",
                "round 1 of 2: digits@1, accuracy 0.5000, loss 1.2500, 4 updates, 2.5 s",
                "round 2 of 2: training",
                "round 2 of 2: skipped without a version, 1 update",
                "Job 'digits' has completed in 1 min 15 s: digits@1, accuracy 0.5000.",
            ],
            lines);
    }

    [Fact]
    public async Task Live_display_ends_with_all_rounds_and_the_outcome()
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes });

        await LiveWatchView.Run(console, TimeProvider.System, Follow);

        var picture = output.ToString();
        Assert.Contains("Job 'digits' has completed in 1 min 15 s", picture, StringComparison.Ordinal);
        Assert.Contains("▇▇▇▇▇▇▇▇▇▇", picture, StringComparison.Ordinal);
        Assert.Contains("skipped", picture, StringComparison.Ordinal);
        Assert.Contains("There is no site at http://site:7400/", picture, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_that_never_answered_is_an_error()
    {
        using var handler = new ScriptedSite([new(null, [])]);
        using var site = new SiteApi([new Uri("http://site:7400")], handler);
        var watch = new JobWatch(site, TimeSpan.Zero, TimeProvider.System);

        await Assert.ThrowsAsync<SiteTroubleException>(() =>
            watch.Follow(Job, new PlainWatchView(_ => { }, TimeProvider.System), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Failure_is_said_with_its_reason()
    {
        var status = Status(JobPhase.Failed, 1) with { Failure = "no participant can use its data.", EndedAt = Begin.AddHours(2) };

        Assert.Equal("Job 'digits' has failed after 2 h 0 min: no participant can use its data.", WatchPhrases.End(status, Begin));
    }

    private static async Task<JobReport> Follow(IWatchView view)
    {
        using var handler = new ScriptedSite(Story);
        using var site = new SiteApi([new Uri("http://site:7400")], handler);
        return await new JobWatch(site, TimeSpan.Zero, TimeProvider.System).Follow(Job, view, TestContext.Current.CancellationToken);
    }

    private static JobStatus Status(JobPhase phase, int round) => new() { Job = Job, Phase = phase, Round = round, Rounds = 2, CreatedAt = Begin };

    private static ModelVersionId Version(int number) => new(ModelName.Parse("digits"), number);

    /// <summary>How a site answers at one moment.</summary>
    /// <param name="Status">The job; null: no site is there.</param>
    /// <param name="Rounds">The rounds that are over.</param>
    private sealed record Moment(JobStatus? Status, IReadOnlyList<RoundRecord> Rounds);

    /// <summary>Each question after the job goes one moment further.</summary>
    private sealed class ScriptedSite(Moment[] story) : HttpMessageHandler
    {
        private int _now = -1;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/sites", StringComparison.Ordinal))
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("[]", Encoding.UTF8, "application/json") });
            }

            var query = request.RequestUri!.Query;
            var moment = story[query.Length > 0 ? _now : ++_now];
            if (moment.Status is null)
            {
                throw new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused));
            }

            var json = query.Length == 0
                ? JsonSerializer.Serialize(moment.Status, SiteJson.Options)
                : JsonSerializer.Serialize(moment.Rounds.Where(round => $"?from={round.Round}".CompareTo(query) >= 0).ToImmutableArray(), SiteJson.Options);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") });
        }
    }
}
