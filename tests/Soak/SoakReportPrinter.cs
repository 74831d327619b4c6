using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace OrleansEdge.Soak;

/// <summary>Prints a report for people, and for programs on the last line.</summary>
internal static class SoakReportPrinter
{
    private const int NarrowestTable = 120;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        // The standard error of too few readings is infinite.
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Prints.</summary>
    public static void Print(SoakReport report, bool json)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(json ? Console.Error : Console.Out) });
        console.Profile.Width = Math.Max(console.Profile.Width, NarrowestTable);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Rounds} rounds in {report.Seconds:0} s, {report.LostRounds.Count} lost; the silo killed {report.SiloKills} times, agents "
            + $"{report.AgentKills} times (seed {report.Seed}); slowest round {report.SlowestRound:0.0} s; {report.BytesResent / 1e6:0.00} MB sent again."));
        var table = new Table().Border(TableBorder.Ascii).AddColumn("what");
        foreach (var column in new[] { "first tenth", "last tenth", "mean", "per round", "± standard error", "" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var growth in report.Growth)
        {
            table.AddRow(growth.Name, Text(growth.First, "0.0"), Text(growth.Last, "0.0"), Text(growth.Slope.Mean, "0.0"),
                Text(growth.Slope.PerRound, "0.0000"), Text(growth.Slope.StandardError, "0.0000"), growth.Grows ? "grows" : "flat");
        }

        console.Write(table);
        if (report.Samples.Count > 0)
        {
            console.WriteLine($"Besides, the history of jobs has {report.Samples[^1].Store.History} blobs: one for each round, kept for ever.");
        }

        foreach (var problem in report.Problems)
        {
            console.WriteLine(problem);
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, Options));
        }
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
