using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Silo.Commands;

/// <summary>A job on a page.</summary>
internal static class JobPages
{
    /// <summary>The headings of <see cref="Row"/>.</summary>
    public static readonly string[] Headings = ["ROUND", "VERSION", "ACCURACY", "LOSS", "TRAINING LOSS", "UPDATES", "FAILED", "SECONDS"];

    /// <summary>The columns of <see cref="Headings"/> that hold numbers.</summary>
    public static readonly int[] Numbers = [0, 2, 3, 4, 5, 6, 7];

    /// <summary>A round in a table.</summary>
    public static string[] Row(RoundRecord round) =>
    [
        Phrases.Of((int?)round.Round), round.Version?.ToString() ?? "skipped", Phrases.Of(round.Evaluation?.Accuracy), Phrases.Of(round.Evaluation?.Loss),
        Phrases.Of(round.TrainingLoss), Phrases.Of((int?)round.Updates), Phrases.Of((int?)round.Failures), Phrases.Of(round.Seconds, "0.0"),
    ];

    /// <summary>Everything about a job.</summary>
    public static void Show(Terminal terminal, JobReport report, DateTimeOffset now)
    {
        var status = report.Status;
        terminal.Fields(
            ("job", status.Job.Value),
            ("phase", Phrases.Of(status)),
            ("runs", Phrases.ForParent(status)),
            ("rounds", Phrases.Rounds(status)),
            ("version", status.Version?.ToString()),
            ("measured", status.Evaluation is null ? null : $"{Phrases.Of(status.Evaluation)} over {Phrases.Count(status.Evaluation.Examples, "example")}"),
            ("not measured", report.Rounds.LastOrDefault(round => round.Unmeasured is not null) is { } round ? $"{round.Version}; {round.Unmeasured}" : null),
            ("open round", OpenRound(status, now)),
            ("waits", status.Waiting),
            ("failure", status.Failure),
            ("no rounds", report.Unreadable),
            ("updates", $"{status.Totals.Updates} used, {status.Totals.Failures} failed, {Phrases.Bytes(status.Totals.BytesResent)} sent again"),
            ("submitted", Phrases.Ago(status.CreatedAt, now)),
            ("ended", status.EndedAt is { } ended ? $"{Phrases.Ago(ended, now)}, after {Phrases.Duration(ended - status.CreatedAt)}" : null));
        if (!report.Rounds.IsEmpty)
        {
            terminal.Line();
            terminal.Table(Headings, report.Rounds.Select(Row), Numbers);
        }

        if (!report.Tiers.IsEmpty)
        {
            terminal.Line();
            terminal.Line("sites below");
            foreach (var tier in report.Tiers)
            {
                terminal.Line(tier.ToLine());
            }
        }
    }

    /// <summary>How the open round stands, in a phrase; null when none is open.</summary>
    public static string? OpenRound(JobStatus status, DateTimeOffset now) => status.OpenRound is not { } round
        ? null
        : $"{round.Committed} of {Phrases.Count(round.Selected, "participant")} committed, {round.Quorum} needed" +
            (round.Declined is { Count: > 0 } declined ? $", {declined.Count} declined" : "") +
            (round.Deadline > now ? $", deadline in {Phrases.Duration(round.Deadline - now)}" : "") +
            (round.Extensions > 0 ? $", extended {Phrases.Count(round.Extensions, "time")}" : "") +
            (round.Attempt > 1 ? $", attempt {round.Attempt}" : "");
}
