using System.Text;
using OrleansEdge.Contracts.Data;

namespace OrleansEdge.EdgeAgent.Data.Csv;

/// <summary>Reads a table from a CSV file with a header, in one pass.</summary>
internal static class CsvReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, UTF-8 unless a byte-order mark says otherwise.</param>
    /// <param name="label">The name of the predicted column; all other columns are features.</param>
    /// <param name="kind">What is predicted; null lets the column decide.</param>
    /// <param name="first">Reads this many rows at most; null reads all.</param>
    /// <exception cref="DataException">The file is missing or wrong; the message names line and column.</exception>
    public static CsvTable Read(string path, string label, TaskKind? kind, int? first)
    {
        using var file = FileAccessErrors.OpenForReading(path);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return Read(reader, path, label, kind, first);
    }

    /// <inheritdoc cref="Read(string, string, TaskKind?, int?)"/>
    public static CsvTable Read(TextReader reader, string name, string label, TaskKind? kind, int? first)
    {
        try
        {
            var records = new CsvRecordReader(reader, name);
            var header = ReadHeader(records, name);
            var labelIndex = FindLabel(header, name, label);
            return ReadRows(records, name, header, labelIndex, new LabelColumn(name, label, kind), first ?? int.MaxValue);
        }
        catch (IOException exception)
        {
            throw FileAccessErrors.Explain(name, exception);
        }
    }

    private static string[] ReadHeader(CsvRecordReader records, string name)
    {
        if (!records.Read())
        {
            throw new DataException($"The file '{name}' is empty: give a CSV file with a header and rows.");
        }

        var header = new string[records.Count];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var allNumbers = true;
        for (var index = 0; index < header.Length; index++)
        {
            header[index] = records[index].ToString();
            allNumbers &= CsvNumber.TryParse(header[index], out _);
            if (header[index].Length == 0)
            {
                throw new DataException($"Line {records.Line} of '{name}' gives column {index + 1} no name: write a name for each column " +
                    "in the header.");
            }

            if (!seen.Add(header[index]))
            {
                throw new DataException($"Line {records.Line} of '{name}' names the column '{header[index]}' twice: give each column its own name.");
            }
        }

        return allNumbers
            ? throw new DataException($"The file '{name}' has no header, its line {records.Line} holds only numbers: begin it with a line " +
                "of column names.")
            : header;
    }

    private static int FindLabel(string[] header, string name, string label)
    {
        var index = Array.IndexOf(header, label);
        if (index < 0)
        {
            var columns = string.Join(", ", header.Take(50)) + (header.Length > 50 ? ", …" : "");
            throw new DataException($"The file '{name}' has no column '{label}' to predict: name one of its columns {columns}.");
        }

        return header.Length > 1
            ? index
            : throw new DataException($"The file '{name}' has only the column '{label}': add columns to predict it from, separated by commas.");
    }

    private static CsvTable ReadRows(CsvRecordReader records, string name, string[] header, int labelIndex, LabelColumn labels, int most)
    {
        var width = header.Length - 1;
        var values = new float[width * 64];
        var count = 0;
        while (count < most && records.Read())
        {
            if (records.Count != header.Length)
            {
                throw Ragged(records, name, header);
            }

            var filled = count * width;
            if (filled > values.Length - width)
            {
                values = Grow(values, name, records.Line);
            }

            for (var index = 0; index < header.Length; index++)
            {
                if (index == labelIndex)
                {
                    labels.Add(records[index], records.Line);
                }
                else
                {
                    values[filled++] = CsvNumber.Parse(records[index], name, records.Line, header[index]);
                }
            }

            count++;
        }

        if (count == 0)
        {
            throw new DataException($"The file '{name}' has a header but no rows: give a file with data.");
        }

        Array.Resize(ref values, count * width);
        var (kind, classes, lines, targets) = labels.Finish();
        return new CsvTable
        {
            File = name,
            Label = header[labelIndex],
            Kind = kind,
            Features = [.. header.Where((_, index) => index != labelIndex)],
            Labels = classes,
            LabelLines = lines,
            Values = values,
            Targets = targets,
        };
    }

    private static DataException Ragged(CsvRecordReader records, string name, string[] header) => records.Count < header.Length
        ? new DataException(
            $"Line {records.Line} of '{name}' ends before column '{header[records.Count]}': it has {records.Count} values, and the header " +
                $"{header.Length} columns.")
        : new DataException(
            $"Line {records.Line} of '{name}' goes on after the last column '{header[^1]}': it has {records.Count} values, and the header " +
                $"{header.Length} columns.");

    private static float[] Grow(float[] values, string name, long line)
    {
        if (values.Length == Array.MaxLength)
        {
            throw new DataException($"The file '{name}' does not fit in memory from line {line} on: limit the rows with first=N.");
        }

        Array.Resize(ref values, (int)Math.Min(Array.MaxLength, 2L * values.Length));
        return values;
    }
}
