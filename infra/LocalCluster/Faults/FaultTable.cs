using System.Globalization;
using OrleansEdge.LocalCluster.Display;

namespace OrleansEdge.LocalCluster.Faults;

/// <summary>What was done to the system and what it cost, as a table.</summary>
internal static class FaultTable
{
    private static readonly string[] Titles = ["target", "process", "action", "round", "point", "at", "rounds", "seconds", "sent twice"];

    /// <summary>The lines of the table; none if nothing was done. The cost is that of the round, whatever was done in it.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Fault> faults)
    {
        if (faults.Count == 0)
        {
            return [];
        }

        string[][] rows = [Titles, .. faults.Select(Cells)];
        var widths = Enumerable.Range(0, Titles.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string[] Cells(Fault fault) =>
    [
        fault.Target,
        fault.Name,
        fault.Action,
        fault.Round.ToString(CultureInfo.InvariantCulture),
        Point(fault),
        Wording.Duration(TimeSpan.FromSeconds(fault.Seconds)),
        fault.Cost is { } cost ? Signed(cost.Rounds, "0") : "-",
        fault.Cost?.Seconds is { } seconds ? Signed(seconds, "0.0") : "-",
        fault.Cost is { } bytes ? Wording.Bytes(bytes.BytesResent) : "-",
    ];

    /// <summary>A restart waits for no point of a round; how long the silo took to end is what is asked of it.</summary>
    private static string Point(Fault fault) => fault.Drain switch
    {
        { ExitCode: 0 } drain => string.Create(CultureInfo.InvariantCulture, $"ended in {drain.Seconds:0.0} s"),
        { } drain => string.Create(CultureInfo.InvariantCulture, $"ended in {drain.Seconds:0.0} s with exit code {drain.ExitCode}"),
        null => fault.Phase.Length == 0 ? "-" : fault.Phase,
    };

    private static string Signed(double number, string format) => number.ToString($"+{format};-{format};0", CultureInfo.InvariantCulture);
}
