using System.Collections.Concurrent;
using System.Text;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.EndToEnd.Tests.Faults;

/// <summary>The result of the whole matrix, as two tables of a page: what stands between two marks is replaced, after each cell.</summary>
/// <param name="path">The page.</param>
internal sealed class FaultMatrixPage(string path)
{
    private const string Variable = "ORLEANSEDGE_FAULT_MATRIX";

    private readonly ConcurrentDictionary<PlannedFault, string> _results = [];
    private readonly ConcurrentDictionary<FaultPoint, string> _tierResults = [];
    private readonly Lock _lock = new();

    /// <summary>The page that the environment names: with one, all cells are run, and otherwise one of each row and each column.</summary>
    public static FaultMatrixPage? Wanted { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? new(path) : null;

    /// <summary>Adds a cell's result and writes the page.</summary>
    public void Add(FaultCell cell, string result)
    {
        _results[cell.Fault] = result;
        Replace("matrix", Table());
    }

    /// <summary>Adds the result of a hierarchy whose silos were all killed at one point, and writes the page.</summary>
    public void Add(FaultPoint point, string result)
    {
        _tierResults[point] = result;
        Replace("matrix of the tiers", TierTable());
    }

    private void Replace(string name, string table)
    {
        lock (_lock)
        {
            var page = File.ReadAllText(path);
            var beginning = $"<!-- The {name} begins. -->\n";
            var from = page.IndexOf(beginning, StringComparison.Ordinal) + beginning.Length;
            var to = page.IndexOf($"<!-- The {name} ends. -->", StringComparison.Ordinal);
            File.WriteAllText(path, $"{page[..from]}\n{table}\n{page[to..]}");
        }
    }

    private string Table()
    {
        var actions = Enum.GetValues<FaultAction>();
        var text = new StringBuilder($"| target | point | {string.Join(" | ", actions.Select(PlannedFault.NameOf))} |\n");
        text.Append($"|---|---|{string.Concat(actions.Select(_ => "---|"))}\n");
        foreach (var row in FaultCell.All.GroupBy(cell => (cell.Fault.Target, cell.Fault.TargetName, cell.Fault.Point)).OrderBy(row => row.Key.Target))
        {
            var cells = row.OrderBy(cell => cell.Fault.Action).Select(cell => _results.GetValueOrDefault(cell.Fault, "not run"));
            text.Append($"| {row.Key.TargetName} | {row.Key.Point} | {string.Join(" | ", cells)} |\n");
        }

        return text.ToString();
    }

    private string TierTable()
    {
        var text = new StringBuilder("| target | point | killed | job |\n|---|---|---|---|\n");
        foreach (var cell in TierFaultCell.All)
        {
            text.Append($"| {PlannedFault.NameOf(cell.Point.Target)} | {cell.Point} | {string.Join(", ", cell.Kills.Select(TierFaultCell.SiteOf))} ")
                .Append($"| {_tierResults.GetValueOrDefault(cell.Point, "not run")} |\n");
        }

        return text.ToString();
    }
}
