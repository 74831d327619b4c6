using System.Globalization;

namespace OrleansEdge.Contracts.Identifiers;

/// <summary>Texts of others, as they may stand in a log, on a terminal or in a sentence of one's own: short, and without what commands a terminal or breaks the line.</summary>
public static class PrintableText
{
    /// <summary>The beginning of a text with a mark for each character that does not print.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">The most characters that are kept of it; a longer one ends with an ellipsis after them.</param>
    public static string Clean(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = string.Create(Math.Min(text.Length, length), text, (characters, source) =>
        {
            for (var index = 0; index < characters.Length; index++)
            {
                characters[index] = IsPrintable(source[index]) ? source[index] : '\uFFFD';
            }
        });
        return text.Length > length ? clean + "…" : clean;
    }

    /// <summary>Refuses a text that is longer than any that could be meant, without repeating it.</summary>
    /// <param name="what">What the text was given as, such as an option's name.</param>
    /// <param name="text">The text.</param>
    /// <param name="length">The most characters that it can have.</param>
    /// <param name="remedy">What to write.</param>
    /// <exception cref="FormatException">It is longer.</exception>
    public static void RequireLength(string what, string text, int length, string remedy)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > length)
        {
            throw new FormatException($"{what} has {text.Length} characters, and {length} are enough: {remedy}.");
        }
    }

    /// <summary>Whether a character can stand in a line of text without breaking or reordering it.</summary>
    public static bool IsPrintable(char character) => char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned);
}
