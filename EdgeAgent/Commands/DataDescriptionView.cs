using System.Globalization;
using System.Text.Json;
using OrleansEdge.EdgeAgent.Data;
using Spectre.Console;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>Prints a <see cref="DataDescription"/> for a person or a machine.</summary>
internal static class DataDescriptionView
{
    private const int MostClassColumns = 12;
    private const int WidthWithoutTerminal = 160;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Writes one JSON object on one line, or a table and a summary.</summary>
    public static void Write(DataDescription description, TextWriter output, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(description, Json));
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = WidthWithoutTerminal;
        }

        console.Write(ToTable(description));
        output.WriteLine(Summarise(description));
    }

    private static Table ToTable(DataDescription description)
    {
        // Ten classes of a large data set fit a terminal of 80 columns so.
        var table = new Table().Border(TableBorder.Simple).AddColumn(Column("part").LeftAligned()).AddColumn(Column("examples"));
        var classColumns = description.Labels.Count is > 0 and <= MostClassColumns;
        if (classColumns)
        {
            foreach (var label in description.Labels)
            {
                table.AddColumn(Column(label));
            }
        }
        else if (description.Labels.Count > 0)
        {
            table.AddColumn(Column("classes held"));
        }

        foreach (var device in description.Devices)
        {
            var held = classColumns ? device.Classes : description.Labels.Count > 0 ? [device.Classes.Count(count => count > 0)] : [];
            table.AddRow([new Text(device.Part), Number(device.Examples), .. held.Select(Number)]);
        }

        return table;
    }

    private static TableColumn Column(string name) => new TableColumn(new Text(name)).RightAligned().NoWrap().Padding(0, 0, 1, 0);

    private static Text Number(int number) => new(number == 0 ? "·" : number.ToString(CultureInfo.InvariantCulture));

    private static string Summarise(DataDescription description)
    {
        var what = description.Kind == "regression" ? "regression" : $"{description.Labels.Count} classes";
        var smallest = description.Devices.Min(device => device.Examples);
        var largest = description.Devices.Max(device => device.Examples);
        var parts = description.Devices.Count == 1
            ? "undivided"
            : $"{description.Devices.Count} parts by {description.Split} with seed {description.Seed}, the smallest of {smallest:N0} and " +
                $"the largest of {largest:N0} examples";
        return $"{description.Data}: {what}, inputs of shape [{string.Join(", ", description.InputShape)}], " +
            $"{description.Examples:N0} training and {description.TestExamples:N0} test examples; {parts}.";
    }
}
