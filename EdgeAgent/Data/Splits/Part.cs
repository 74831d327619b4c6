using System.Globalization;

namespace OrleansEdge.EdgeAgent.Data.Splits;

/// <summary>Which part of a split a device holds: <c>3/10</c> is the third of ten.</summary>
/// <param name="Number">From 1 to <paramref name="Count"/>.</param>
/// <param name="Count">The number of parts, 1 to <see cref="MaximumCount"/>.</param>
internal readonly record struct Part(int Number, int Count)
{
    /// <summary>The largest number of parts.</summary>
    public const int MaximumCount = 100_000;

    /// <summary>Reads <c>3/10</c>.</summary>
    /// <exception cref="DataException">The text is something else.</exception>
    public static Part Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0
            && int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && number >= 1 && number <= count && count <= MaximumCount)
        {
            return new Part(number, count);
        }

        throw new DataException($"'{text}' is not a part: write NUMBER/COUNT such as 3/10, NUMBER from 1 to COUNT, COUNT at most {MaximumCount}.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Number}/{Count}";
}
