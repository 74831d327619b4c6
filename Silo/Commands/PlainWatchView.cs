using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Silo.Commands;

/// <summary>A watched job as lines, one for each news.</summary>
/// <param name="write">Writes a line.</param>
/// <param name="time">The clock.</param>
internal sealed class PlainWatchView(Action<string> write, TimeProvider time) : IWatchView
{
    private readonly Dictionary<string, string> _tiers = [];
    private string? _standing;
    private int _rounds;
    private bool _isLost;

    public void Show(JobReport report)
    {
        var status = report.Status;
        if (_isLost)
        {
            write("The site answers again.");
            _isLost = false;
        }

        foreach (var round in report.Rounds.Skip(_rounds))
        {
            write(Line(round, status));
        }

        _rounds = report.Rounds.Length;
        foreach (var tier in report.Tiers.Where(tier => _tiers.GetValueOrDefault(tier.Path) != tier.ToLine()))
        {
            _tiers[tier.Path] = tier.ToLine();
            write(tier.ToLine());
        }

        var standing = status.IsOver ? WatchPhrases.End(status, time.GetUtcNow()) : WatchPhrases.Standing(status);
        if (standing != _standing)
        {
            _standing = standing;
            write(standing);
        }
    }

    public void Lost(string sentence)
    {
        if (!_isLost)
        {
            write($"{sentence} Watching goes on until the site answers.");
            _isLost = true;
        }
    }

    private static string Line(RoundRecord round, JobStatus status) => round.Version is { } version
        ? $"{WatchPhrases.Round(round.Round, status)}: {version}, {Measured(round)}{Phrases.Count(round.Updates, "update")}, {Phrases.Of(round.Seconds, "0.0")} s"
        : $"{WatchPhrases.Round(round.Round, status)}: skipped without a version, {Phrases.Count(round.Updates, "update")}";

    private static string Measured(RoundRecord round) => round.Evaluation switch
    {
        { Accuracy: { } accuracy } measured => $"accuracy {Phrases.Of(accuracy)}, loss {Phrases.Of(measured.Loss)}, ",
        { } measured => $"loss {Phrases.Of(measured.Loss)}, ",
        null when round.Unmeasured is { } reason => $"not measured ({reason.TrimEnd('.')}), ",
        null => "",
    };
}
