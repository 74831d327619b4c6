using System.Globalization;

namespace OrleansEdge.EdgeAgent.Data.Csv;

/// <summary>Reads the numbers of a CSV file: a decimal point, an exponent, no thousands separator.</summary>
internal static class CsvNumber
{
    /// <summary>Reads a number; false where the text is none. The number may not be finite.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>Reads a finite number that fits a float.</summary>
    /// <exception cref="DataException">It is something else; the message names file, line and column.</exception>
    public static float Parse(ReadOnlySpan<char> text, string file, long line, string column)
    {
        if (text.IsEmpty)
        {
            throw Missing(file, line, column);
        }

        return TryParse(text, out var number) ? RequireFinite(number, text, file, line, column) : throw NoNumber(text, file, line, column);
    }

    /// <summary>Returns the number as a float.</summary>
    /// <exception cref="DataException">It is not finite, or too large for a float.</exception>
    public static float RequireFinite(double number, ReadOnlySpan<char> text, string file, long line, string column) =>
        float.IsFinite((float)number) ? (float)number : throw new DataException(
            $"{Place(file, line, column)} holds '{Shorten(text)}', which is not a finite number of at most 3.4e38: correct or remove the row.");

    /// <summary>The error for a value that is not there.</summary>
    public static DataException Missing(string file, long line, string column) =>
        new($"{Place(file, line, column)} has no value: fill it in or remove the row.");

    /// <summary>The error for a text in a number's place.</summary>
    public static DataException NoNumber(ReadOnlySpan<char> text, string file, long line, string column) =>
        new($"{Place(file, line, column)} holds '{Shorten(text)}', which is not a number: features and regression labels must be numbers " +
            "such as 0.5.");

    /// <summary>Names a place in a file at the beginning of a sentence.</summary>
    public static string Place(string file, long line, string column) => $"Line {line} of '{file}', column '{Shorten(column)}',";

    private static string Shorten(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : string.Concat(text[..40], "…");
}
