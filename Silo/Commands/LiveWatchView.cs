using System.Globalization;
using OrleansEdge.Grains.Jobs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansEdge.Silo.Commands;

/// <summary>A watched job as a display that is drawn over itself.</summary>
internal sealed class LiveWatchView : IWatchView
{
    private const int RowsBesideRounds = 8;
    private const int SmallestTable = 3;
    private const int BarWidth = 40;
    private static readonly int[] ShownColumns = [0, 1, 2, 3, 5, 7];

    private readonly IAnsiConsole _console;
    private readonly LiveDisplayContext _display;
    private readonly TimeProvider _time;
    private JobReport? _last;

    private LiveWatchView(IAnsiConsole console, LiveDisplayContext display, TimeProvider time)
    {
        _console = console;
        _display = display;
        _time = time;
    }

    /// <summary>Shows a display while <paramref name="follow"/> runs; its last picture stays.</summary>
    public static async Task<JobReport> Run(IAnsiConsole console, TimeProvider time, Func<IWatchView, Task<JobReport>> follow)
    {
        JobReport? report = null;
        await console.Live(new Text("…")).Overflow(VerticalOverflow.Crop).StartAsync(async display =>
            report = await follow(new LiveWatchView(console, display, time)));
        return report!;
    }

    public void Show(JobReport report)
    {
        _last = report;
        _display.UpdateTarget(Picture(report, null));
    }

    public void Lost(string sentence) =>
        _display.UpdateTarget(_last is null ? new Markup(Warning(sentence)) : Picture(_last, sentence));

    private Rows Picture(JobReport report, string? trouble)
    {
        var status = report.Status;
        var lines = new List<IRenderable> { new Markup(Headline(status)) };
        if (status.ForParent is null)
        {
            lines.Add(new Markup(Bar(status)));
        }

        var now = _time.GetUtcNow();
        if (status.IsOver)
        {
            var colour = status.Phase == JobPhase.Completed ? "green" : "red";
            lines.Add(new Markup($"[{colour}]{Markup.Escape(WatchPhrases.End(status, now))}[/]"));
        }
        else
        {
            lines.Add(new Text(WatchPhrases.Standing(status)));
            lines.Add(new Text(JobPages.OpenRound(status, now) ?? ""));
        }

        lines.AddRange(report.Tiers.Select(tier => new Text(tier.ToLine())));
        if (!report.Rounds.IsEmpty)
        {
            lines.Add(new Text(""));
            lines.Add(Table(report));
        }

        if (trouble is not null)
        {
            lines.Add(new Markup(Warning(trouble)));
        }

        return new Rows(lines);
    }

    private static string Warning(string sentence) => $"[yellow]{Markup.Escape(sentence)} Watching goes on until the site answers.[/]";

    private string Headline(JobStatus status)
    {
        var since = Phrases.Duration((status.EndedAt ?? _time.GetUtcNow()) - status.CreatedAt);
        var measured = status.Evaluation is null ? "" : $"   [bold]{Markup.Escape(Phrases.Of(status.Evaluation))}[/]";
        return $"[bold]{Markup.Escape(status.Job.Value)}[/]   {Phrases.Of(status)}   {Phrases.Rounds(status)} rounds{measured}   [grey]{since}[/]";
    }

    /// <summary>Rounds that are done, and of the open one the share of participants that have committed.</summary>
    private static string Bar(JobStatus status)
    {
        var open = status.OpenRound is { Selected: > 0 } round && status.Round > 0 ? (double)round.Committed / round.Selected : 0;
        var done = Math.Clamp((Phrases.FinishedRounds(status) + open) / Math.Max(1, status.Rounds), 0, 1);
        var filled = (int)Math.Round(done * BarWidth);
        return string.Create(CultureInfo.InvariantCulture,
            $"[green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/] {done:0%}");
    }

    /// <summary>As many of the newest rounds as the window holds, each with a bar for its accuracy.</summary>
    private Table Table(JobReport report)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in ShownColumns)
        {
            var heading = new TableColumn(new Markup($"[grey]{JobPages.Headings[column]}[/]")) { NoWrap = true, Padding = new Padding(0, 0, 3, 0) };
            table.AddColumn(JobPages.Numbers.Contains(column) ? heading.RightAligned() : heading);
        }

        table.AddColumn(new TableColumn("") { NoWrap = true });
        var room = Math.Max(SmallestTable, _console.Profile.Height - RowsBesideRounds - report.Tiers.Length);
        foreach (var round in report.Rounds.TakeLast(room))
        {
            var row = JobPages.Row(round);
            table.AddRow(ShownColumns.Select(IRenderable (column) => new Text(row[column]))
                .Append(new Text(AccuracyBar(round.Evaluation?.Accuracy), new Style(Color.Green))));
        }

        return table;
    }

    private static string AccuracyBar(double? accuracy) => accuracy is { } share and > 0 ? new string('▇', Math.Max(1, (int)Math.Round(share * 20))) : "";
}
