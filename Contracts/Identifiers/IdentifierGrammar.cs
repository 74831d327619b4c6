using System.Diagnostics.CodeAnalysis;

namespace OrleansEdge.Contracts.Identifiers;

/// <summary>
/// The one grammar of identifiers: segments of <c>[a-z0-9][a-z0-9-]{0,62}</c>, joined by <c>/</c> where a type allows it.
/// Identifiers become names of files and blobs, so nothing else is ever accepted.
/// </summary>
public static class IdentifierGrammar
{
    /// <summary>The longest segment, in characters.</summary>
    public const int MaximumSegmentLength = 63;

    /// <summary>The largest number of segments in an identifier that may have several.</summary>
    public const int MaximumSegments = 4;

    private const int MaximumQuoted = 80;

    /// <summary>Whether <paramref name="text"/> is one segment.</summary>
    public static bool IsSegment(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaximumSegmentLength || text[0] == '-')
        {
            return false;
        }

        foreach (var character in text)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether <paramref name="text"/> is one or more segments joined by a slash.</summary>
    public static bool IsPath([NotNullWhen(true)] string? text)
    {
        if (text is null)
        {
            return false;
        }

        var segments = text.Split('/');
        return segments.Length <= MaximumSegments && Array.TrueForAll(segments, segment => IsSegment(segment));
    }

    /// <summary>Returns <paramref name="text"/> or throws a sentence that names the kind of identifier and the rule.</summary>
    /// <exception cref="FormatException">The text is outside the grammar.</exception>
    internal static string RequireSegment([NotNull] string? text, string noun) => text is not null && IsSegment(text)
        ? text
        : throw new FormatException(
            $"'{Shorten(text)}' is not a {noun}: use 1 to {MaximumSegmentLength} lower-case letters, digits and hyphens, not beginning with a hyphen.");

    /// <inheritdoc cref="RequireSegment"/>
    internal static string RequirePath([NotNull] string? text, string noun) => IsPath(text)
        ? text
        : throw new FormatException(
            $"'{Shorten(text)}' is not a {noun}: use lower-case letters, digits and hyphens (1 to {MaximumSegmentLength} in a segment, " +
            $"not beginning with a hyphen), at most {MaximumSegments} segments joined by '/'.");

    private static string Shorten(string? text) => PrintableText.Clean(text ?? "", MaximumQuoted);
}
