using System.Text;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.EndToEnd.Tests.Faults;

/// <summary>The result of the whole matrix, as a table of a page: what stands between two marks is replaced, after each cell.</summary>
/// <param name="path">The page.</param>
internal sealed class FaultMatrixPage(string path)
{
    private const string Beginning = "<!-- The matrix begins. -->\n";
    private const string End = "<!-- The matrix ends. -->";

    private readonly Dictionary<PlannedFault, string> _results = [];
    private readonly Lock _lock = new();

    /// <summary>Adds a cell's result and writes the page.</summary>
    public void Add(FaultCell cell, string result)
    {
        lock (_lock)
        {
            _results[cell.Fault] = result;
            var page = File.ReadAllText(path);
            var (from, to) = (page.IndexOf(Beginning, StringComparison.Ordinal) + Beginning.Length, page.IndexOf(End, StringComparison.Ordinal));
            File.WriteAllText(path, $"{page[..from]}\n{Table()}\n{page[to..]}");
        }
    }

    private string Table()
    {
        var actions = Enum.GetValues<FaultAction>();
        var text = new StringBuilder($"| target | point | {string.Join(" | ", actions.Select(PlannedFault.NameOf))} |\n");
        text.Append($"|---|---|{string.Concat(actions.Select(_ => "---|"))}\n");
        foreach (var row in FaultCell.All.GroupBy(cell => (cell.Fault.Target, cell.Fault.Point)).OrderBy(row => row.Key.Target))
        {
            var cells = row.OrderBy(cell => cell.Fault.Action).Select(cell => _results.GetValueOrDefault(cell.Fault, "not run"));
            text.Append($"| {PlannedFault.NameOf(row.Key.Target)} | {row.Key.Point} | {string.Join(" | ", cells)} |\n");
        }

        return text.ToString();
    }
}
