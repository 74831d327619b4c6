using System.Collections.Concurrent;
using System.Text;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.EndToEnd.Tests.Faults;

/// <summary>The result of the whole matrix, as the tables of a page: what stands between two marks is replaced.</summary>
internal sealed class FaultMatrixPage
{
    private const string Beginning = "<!-- The matrix begins. -->\n";
    private const string End = "<!-- The matrix ends. -->";
    private readonly ConcurrentDictionary<PlannedFault, string> results = [];

    /// <summary>Adds a cell's result.</summary>
    public void Add(FaultCell cell, string result) => results[cell.Fault] = result;

    /// <summary>Writes the tables to a page that has the marks.</summary>
    public void WriteTo(string path)
    {
        var page = File.ReadAllText(path);
        var (from, to) = (page.IndexOf(Beginning, StringComparison.Ordinal) + Beginning.Length, page.IndexOf(End, StringComparison.Ordinal));
        File.WriteAllText(path, $"{page[..from]}\n{this}\n{page[to..]}");
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var actions = Enum.GetValues<FaultAction>();
        var text = new StringBuilder($"| target | point | {string.Join(" | ", actions.Select(PlannedFault.NameOf))} |\n");
        text.Append($"|---|---|{string.Concat(actions.Select(_ => "---|"))}\n");
        foreach (var row in FaultCell.All.GroupBy(cell => (cell.Fault.Target, cell.Fault.Point)).OrderBy(row => row.Key.Target))
        {
            var cells = row.OrderBy(cell => cell.Fault.Action).Select(cell => results.GetValueOrDefault(cell.Fault, "not run"));
            text.Append($"| {PlannedFault.NameOf(row.Key.Target)} | {row.Key.Point} | {string.Join(" | ", cells)} |\n");
        }

        return text.ToString();
    }
}
