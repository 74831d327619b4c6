using System.Globalization;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Runs;
using OrleansEdge.LocalCluster.Sites;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansEdge.LocalCluster.Display;

/// <summary>A bar for each round, redrawn in place on a terminal.</summary>
internal sealed class TerminalDisplay(IAnsiConsole console) : IRunDisplay
{
    private const int BarWidth = 24;

    /// <summary>Lines beside the rounds: header, table head, kills and state.</summary>
    private const int OtherLines = 12;

    private const int FewestRounds = 3;
    private static readonly string[] Titles = ["round", "", "updates", "training loss", "accuracy", "time"];

    /// <inheritdoc/>
    public Task<T> Show<T>(Func<Action<RunSnapshot>, Task<T>> work) => console.Live(new Text(""))
        .Overflow(VerticalOverflow.Crop)
        .Cropping(VerticalOverflowCropping.Top)
        .StartAsync(context => work(snapshot => context.UpdateTarget(Render(snapshot))));

    /// <summary>Draws a snapshot.</summary>
    internal IRenderable Render(RunSnapshot snapshot)
    {
        var parts = new List<IRenderable> { new Text("OrleansEdge", new Style(decoration: Decoration.Bold)) };
        parts.Add(Header(snapshot));
        parts.Add(new Text(""));
        if (snapshot.Job is not null)
        {
            parts.Add(Rounds(snapshot, snapshot.Job));
        }

        if (snapshot.Finished.Count > 0 && snapshot.Finished[^1].Unmeasured is { } reason)
        {
            parts.Add(new Text($"round {snapshot.Finished[^1].Round} was not measured: {reason}", new Style(Color.Yellow)));
        }

        if (snapshot.Sites.Length > 0)
        {
            parts.Add(SiteGrid.Of(snapshot.Sites));
        }

        parts.AddRange(snapshot.Faults.Select(fault => new Text($"x {Wording.Fault(fault)}", new Style(Color.Red))));
        parts.Add(new Text(State(snapshot), new Style(decoration: Decoration.Bold)));
        parts.Add(new Text(Totals(snapshot), new Style(Color.Grey)));
        return new Rows(parts);
    }

    /// <summary>What does not fit in a line goes on below its beginning, not below its label.</summary>
    private static Grid Header(RunSnapshot snapshot)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 1, 0) })
            .AddColumn(new GridColumn { Padding = new Padding(0) });
        foreach (var line in snapshot.Header)
        {
            var label = line.IndexOf(' ', StringComparison.Ordinal);
            grid.AddRow(new Text(line[..label], new Style(Color.Grey)), new Text(line[label..].TrimStart(), new Style(Color.Grey)));
        }

        return grid;
    }

    private Grid Rounds(RunSnapshot snapshot, JobProgress job)
    {
        var grid = new Grid().AddColumns(Titles.Length);
        grid.AddRow([.. Titles.Select(title => new Text(title, new Style(Color.Grey)))]);
        var room = Math.Max(FewestRounds, console.Profile.Height - OtherLines - snapshot.Header.Length - snapshot.Faults.Count - SiteGrid.Lines(snapshot.Sites));
        foreach (var round in snapshot.Finished.TakeLast(room))
        {
            grid.AddRow(
                new Text(Number(round.Round)),
                Bar(1, round.Version is null ? Color.Yellow : Color.Green),
                new Text(round.Version is null ? "skipped" : Number(round.Updates)),
                new Text(Wording.Loss(round.TrainingLoss)),
                new Text(Measured(round)),
                new Text(Wording.Duration(TimeSpan.FromSeconds(round.Seconds))));
        }

        var done = snapshot.Finished.Count == 0 ? 0 : snapshot.Finished[^1].Round;
        if (!job.IsOver && job.Round > done)
        {
            AddOpenRound(grid, job);
        }

        var last = Math.Min(snapshot.Rounds, done + Math.Max(1, room - snapshot.Finished.Count));
        for (var round = Math.Max(done + 1, job.Round + 1); round <= last; round++)
        {
            grid.AddRow([new Text(Number(round), new Style(Color.Grey)), Bar(0, Color.Grey), .. Enumerable.Repeat(new Text(""), 4)]);
        }

        return grid;
    }

    private static void AddOpenRound(Grid grid, JobProgress job)
    {
        var open = job.OpenRound;
        var share = open is null ? job.Phase == JobPhase.Evaluating ? 1 : 0 : (double)open.Committed / Math.Max(1, open.Selected);
        var state = job.Phase == JobPhase.Evaluating ? "measured now"
            : open is null ? ""
            : open.Committed < open.Selected ? "in training"
            : "folded now";
        grid.AddRow(
            new Text(Number(job.Round)),
            Bar(share, Color.Blue),
            new Text(open is null ? "" : $"{open.Committed} of {open.Selected}"),
            new Text(state, new Style(Color.Grey)),
            new Text(open is { Extensions: > 0 } ? $"deadline put off {open.Extensions} times" : "", new Style(Color.Yellow)),
            new Text(""));
    }

    private static Markup Bar(double share, Color color)
    {
        var full = (int)Math.Round(BarWidth * Math.Clamp(share, 0, 1));
        return new Markup($"[{color.ToMarkup()}]{new string('━', full)}[/][grey35]{new string('━', BarWidth - full)}[/]");
    }

    private static string Measured(RoundRecord round) => round.Evaluation switch
    {
        null => "",
        { Accuracy: { } accuracy } => Wording.Share(accuracy),
        var evaluation => $"loss {Wording.Loss(evaluation.Loss)}",
    };

    private static string State(RunSnapshot snapshot)
    {
        if (snapshot.Job is not { } job)
        {
            return snapshot.Activity;
        }

        var accuracy = snapshot.Accuracy is { } share ? $" · accuracy {(job.IsOver ? "" : "so far ")}{Wording.Share(share)}" : "";
        var left = !job.IsOver && snapshot.TimeLeft is { } time ? $" · about {Wording.Duration(time)} left" : "";
        var open = job.OpenRound is { } round ? $" · {round.Committed} of {round.Selected} updates are in" : "";
        var what = job.Waiting is { } waiting && !job.IsOver ? waiting
            : job.Phase is JobPhase.Training or JobPhase.Evaluating ? $"round {job.Round} of {snapshot.Rounds}{open}" : snapshot.Activity;
        return $"{what}{accuracy}{left}";
    }

    private static string Totals(RunSnapshot snapshot) =>
        $"{Wording.Bytes(snapshot.BytesUp)} up · {Wording.Bytes(snapshot.BytesDown)} down · {Wording.Duration(snapshot.Elapsed)} elapsed";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
