using System.Text.Json;
using OrleansEdge.Silo.Web;
using Spectre.Console;

namespace OrleansEdge.Silo.Commands;

/// <summary>Where a command writes: results to the output, everything else to the error stream, so that <c>--json</c> is alone on the output.</summary>
internal sealed class Terminal
{
    // Tables are never folded where a program or a file reads them.
    private const int UnlimitedWidth = 100_000;

    private readonly TextWriter _output;
    private readonly TextWriter _error;

    /// <summary>A place to write.</summary>
    /// <param name="output">For results.</param>
    /// <param name="error">For everything else.</param>
    /// <param name="isJson">Whether results are JSON.</param>
    /// <param name="isInteractive">Whether the output is a terminal that somebody looks at.</param>
    public Terminal(TextWriter output, TextWriter error, bool isJson, bool isInteractive)
    {
        _output = output;
        _error = error;
        IsJson = isJson;
        IsInteractive = isInteractive && !isJson;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsInteractive ? InteractionSupport.Yes : InteractionSupport.No,
        });
        if (!IsInteractive)
        {
            Console.Profile.Width = UnlimitedWidth;
        }
    }

    /// <summary>Whether results are JSON.</summary>
    public bool IsJson { get; }

    /// <summary>Whether there is a terminal for displays that move.</summary>
    public bool IsInteractive { get; }

    /// <summary>The output for what has colours.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Writes the result: <paramref name="value"/> as one line of JSON, or else what <paramref name="show"/> writes.</summary>
    public void Result<T>(T value, Action<Terminal> show)
    {
        if (IsJson)
        {
            _output.WriteLine(JsonSerializer.Serialize(value, SiteJson.Options));
        }
        else
        {
            show(this);
        }
    }

    /// <summary>A line of the result.</summary>
    public void Line(string text = "") => _output.WriteLine(text);

    /// <summary>A line that says how it goes; on the error stream where the output is for a program.</summary>
    public void Progress(string text) => (IsJson ? _error : _output).WriteLine(text);

    /// <summary>Says what went wrong.</summary>
    public void Note(string text) => _error.WriteLine(text);

    /// <summary>What went wrong.</summary>
    public void Error(string message) => _error.WriteLine($"error: {message}");

    /// <summary>Lists the faults of a file as <c>file:line: what is wrong</c>, which editors understand.</summary>
    public void Faults(string lines) => _error.WriteLine(lines);

    /// <summary>A table without lines; <paramref name="rows"/> hold plain text.</summary>
    public void Table(string[] headings, IEnumerable<string[]> rows, params int[] numbers)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var (index, heading) in headings.Index())
        {
            var column = new TableColumn(new Markup($"[grey]{Markup.Escape(heading)}[/]")) { NoWrap = true, Padding = new Padding(0, 0, 3, 0) };
            table.AddColumn(numbers.Contains(index) ? column.RightAligned() : column);
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        Console.Write(table);
    }

    /// <summary>Names and values, one in a line.</summary>
    public void Fields(params (string Name, string? Value)[] fields)
    {
        var width = fields.Max(field => field.Name.Length);
        foreach (var (name, value) in fields.Where(field => !string.IsNullOrEmpty(field.Value)))
        {
            Console.Write(new Markup($"[grey]{Markup.Escape(name.PadRight(width))}[/]  "));
            Line(value!);
        }
    }
}
