using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace OrleansEdge.Benchmarks.Runs;

/// <summary>Prints figures for people, and for programs on the last line.</summary>
internal static class EchoReport
{
    /// <summary>Prints.</summary>
    public static void Print(IReadOnlyList<EchoFigures> figures, bool json)
    {
        var table = new Table().Border(TableBorder.Ascii);
        foreach (var column in new[] { "devices", "MB", "strategy", "round s", "fastest", "slowest", "TCP s", "ratio", "silo MB", "silo CPU s", "agents CPU s", "links", "sent twice" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var line in figures)
        {
            table.AddRow(
                Text(line.Devices, "0"), Text(line.Megabytes, "0.###"), line.Strategy, Text(line.Median, "0.000"), Text(line.Fastest, "0.000"),
                Text(line.Slowest, "0.000"), Text(line.Exchange, "0.000"), Text(line.Ratio, "0.00"), Text(line.SiloPeakMegabytes, "0"),
                Text(line.SiloProcessorSeconds, "0.000"), Text(line.AgentsProcessorSeconds, "0.000"), line.Faults ?? "good",
                Text(line.UpdatesResent, "0.0"));
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 120);
        AnsiConsole.Write(table);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { Figures = figures }, JsonSerializerOptions.Web));
        }
    }

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
