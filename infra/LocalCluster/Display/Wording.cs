using System.Globalization;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.LocalCluster.Display;

/// <summary>Numbers and events as people read them.</summary>
internal static class Wording
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary><c>12.3 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        double amount = bytes;
        var unit = 0;
        while (amount >= 1000 && unit < Units.Length - 1)
        {
            amount /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{amount.ToString(unit == 0 || amount >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture)} {Units[unit]}");
    }

    /// <summary><c>1:23</c>, in minutes and seconds, or with hours in front.</summary>
    public static string Duration(TimeSpan duration) =>
        duration.ToString(duration.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    /// <summary><c>95.12 %</c>.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %");

    /// <summary>A loss with four digits after the point; a dash for none.</summary>
    public static string Loss(double? loss) => loss is { } value ? value.ToString("0.0000", CultureInfo.InvariantCulture) : "-";

    /// <summary>One finished round in a sentence.</summary>
    public static string Round(RoundRecord round, int rounds)
    {
        var result = round.Version is null
            ? $"round {round.Round} of {rounds}: skipped"
            : string.Create(CultureInfo.InvariantCulture,
                $"round {round.Round} of {rounds}: {round.Updates} updates, training loss {Loss(round.TrainingLoss)}");
        var measured = round.Evaluation is not { } evaluation ? NotMeasured(round)
            : evaluation.Accuracy is { } accuracy ? $", accuracy {Share(accuracy)}"
            : $", loss {Loss(evaluation.Loss)}";
        return string.Create(CultureInfo.InvariantCulture, $"{result}{measured}, {round.Seconds:0.0} s");
    }

    private static string NotMeasured(RoundRecord round) => round.Unmeasured is { } reason ? $", not measured ({reason.TrimEnd('.')})" : "";

    /// <summary>One fault in a sentence.</summary>
    public static string Fault(Fault fault) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{fault.Name} (process {fault.Pid}) was {Done(fault.Action)} in round {fault.Round}{(fault.Phase.Length == 0 ? "" : $" at '{fault.Phase}'")}");

    /// <summary>What came of a site, in a sentence.</summary>
    public static string Site(SiteReport site) =>
        $"{site.Name}: {(site.Accuracy is { } accuracy ? $"accuracy {Share(accuracy)}" : "not measured")} after {Count(site.Rounds, "round")} of its own, " +
        $"{Bytes(site.BytesUp)} up and {Bytes(site.BytesDown)} down to {site.Parent}" +
        (site.AutonomousRounds + site.StaleUpdatesAccepted == 0 ? "" :
            $", {Count(site.AutonomousRounds, "round")} by itself, {Count(site.StaleUpdatesAccepted, "late update")} accepted");

    /// <summary>What has happened to a site since it was looked at before; nothing if nothing has.</summary>
    public static IEnumerable<string> Site(SiteProgress? before, SiteProgress now)
    {
        // That a site finds its parent at the start is no news.
        if (now.IsConnected is { } connected && connected != (before?.IsConnected ?? true))
        {
            yield return connected ? $"{now.Name} reaches {now.Parent} again" : $"{now.Name} does not reach {now.Parent}";
        }

        if (now.AutonomousRounds > (before?.AutonomousRounds ?? 0))
        {
            yield return $"{now.Name} goes on by itself: {Count(now.AutonomousRounds, "round")} so far";
        }

        if (now.StaleUpdatesAccepted > (before?.StaleUpdatesAccepted ?? 0))
        {
            yield return $"{now.Parent} has accepted {Count(now.StaleUpdatesAccepted, "late update")} of {now.Name} so far";
        }
    }

    /// <summary><c>1 round</c>, <c>2 rounds</c>.</summary>
    public static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Done(string action) => action switch
    {
        "freeze" => "stopped for a while",
        "isolate" => "cut off for a while",
        "restart" => "told to end and started again",
        _ => "killed",
    };
}
