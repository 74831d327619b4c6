using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;

namespace OrleansEdge.EdgeAgent.Data.Csv;

/// <summary>
/// Collects the column that is predicted and finds out what it is: numbers with a decimal point or an exponent, or more than
/// <see cref="MostIntegerClasses"/> different integers, are regression; everything else is classes.
/// </summary>
/// <param name="file">The file's name, for messages.</param>
/// <param name="column">The column's name.</param>
/// <param name="kind">What the column is where the user has said so.</param>
internal sealed class LabelColumn(string file, string column, TaskKind? kind)
{
    /// <summary>With more different integers than this, they are numbers and not classes.</summary>
    public const int MostIntegerClasses = 20;

    /// <summary>The largest number of classes.</summary>
    public const int MaximumClasses = 10_000;

    private readonly Dictionary<string, int> codes = new(StringComparer.Ordinal);
    private readonly List<long> firstLines = [];
    private readonly HashSet<double> integers = [];
    private readonly List<int> rows = [];
    private readonly List<float> numbers = [];
    private (string Text, long Line)? firstText;
    private bool decimals;

    private bool LooksLikeRegression => decimals || integers.Count > MostIntegerClasses;

    /// <summary>Adds the next row's value.</summary>
    /// <exception cref="DataException">The value is missing, or does not fit the column's kind.</exception>
    public void Add(ReadOnlySpan<char> text, long line)
    {
        if (text.IsEmpty)
        {
            throw CsvNumber.Missing(file, line, column);
        }

        if (kind != TaskKind.Classification)
        {
            AddNumber(text, line);
        }

        if (kind != TaskKind.Regression && !(kind is null && LooksLikeRegression))
        {
            AddClass(text, line);
        }
    }

    /// <summary>What the column is, its classes with the line on which each occurs first, and the target of each row.</summary>
    public (TaskKind Kind, ImmutableArray<string> Labels, ImmutableArray<long> Lines, float[] Targets) Finish()
    {
        if (kind == TaskKind.Regression || (kind is null && LooksLikeRegression))
        {
            return (TaskKind.Regression, [], [], [.. numbers]);
        }

        var order = LabelOrder.Sort(codes.Keys);
        var indexOfCode = new float[order.Length];
        for (var index = 0; index < order.Length; index++)
        {
            indexOfCode[codes[order[index]]] = index;
        }

        return (
            TaskKind.Classification,
            order,
            [.. order.Select(label => firstLines[codes[label]])],
            [.. rows.Select(code => indexOfCode[code])]);
    }

    private void AddNumber(ReadOnlySpan<char> text, long line)
    {
        if (CsvNumber.TryParse(text, out var number))
        {
            numbers.Add(CsvNumber.RequireFinite(number, text, file, line, column));
            if (text.IndexOfAny('.', 'e', 'E') >= 0)
            {
                decimals = true;
            }
            else if (!LooksLikeRegression)
            {
                integers.Add(number);
            }
        }
        else if (kind == TaskKind.Regression)
        {
            throw CsvNumber.NoNumber(text, file, line, column);
        }
        else
        {
            firstText ??= (text.ToString(), line);
        }

        if (kind is null && LooksLikeRegression)
        {
            rows.Clear();
            codes.Clear();
            if (firstText is { } found)
            {
                throw new DataException(
                    $"{CsvNumber.Place(file, found.Line, column)} holds the text '{found.Text}' where other rows hold numbers to predict: " +
                    "correct the row, or add kind=classification if the numbers are names of classes.");
            }
        }
    }

    private void AddClass(ReadOnlySpan<char> text, long line)
    {
        var lookup = codes.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(text, out var code))
        {
            if (codes.Count == MaximumClasses)
            {
                throw new DataException(
                    $"{CsvNumber.Place(file, line, column)} brings more than {MaximumClasses} different classes: name another label " +
                        "column, or add kind=regression.");
            }

            code = codes.Count;
            codes.Add(text.ToString(), code);
            firstLines.Add(line);
        }

        rows.Add(code);
    }
}
