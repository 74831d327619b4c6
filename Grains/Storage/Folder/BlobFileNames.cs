using System.Text;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>
/// The two-way map between a blob's path and a relative file path. Everything but lower-case letters, digits, <c>-</c> and <c>_</c> is
/// percent-encoded (so the map also holds on file systems that fold case); a dot stays only inside the last segment. A last segment without
/// a literal dot gets a final <c>~</c>, so that a file never has the name of a folder, and <c>a</c> and <c>a/b</c> can both be blobs.
/// </summary>
internal static class BlobFileNames
{
    private const char ExtensionlessMark = '~';

    /// <summary>The relative file path of a blob's path, with <c>/</c> between folders.</summary>
    internal static string Encode(string path)
    {
        var builder = new StringBuilder(path.Length + 8);
        var last = path.LastIndexOf('/') + 1;
        for (var start = 0; start < last;)
        {
            var end = path.IndexOf('/', start);
            Append(builder, path.AsSpan(start, end - start), keepDots: false);
            builder.Append('/');
            start = end + 1;
        }

        // The first character of a segment is never a literal dot: such files are hidden, and the store's own begin that way.
        Append(builder, path.AsSpan(last), keepDots: true);
        if (path.IndexOf('.', last + 1) < 0)
        {
            builder.Append(ExtensionlessMark);
        }

        return builder.ToString();
    }

    /// <summary>The folder that holds all blobs whose path begins with <paramref name="prefix"/>: its complete segments, encoded.</summary>
    internal static string EncodeFolderOfPrefix(string prefix)
    {
        var builder = new StringBuilder(prefix.Length);
        var segments = prefix.Split('/');
        foreach (var segment in segments.AsSpan(0, segments.Length - 1))
        {
            Append(builder, segment, keepDots: false);
            builder.Append('/');
        }

        return builder.ToString();
    }

    /// <summary>The blob's path of a relative file path; null for a file that no blob has.</summary>
    internal static string? Decode(string file)
    {
        var encoded = file.EndsWith(ExtensionlessMark) ? file[..^1] : file;
        var path = Uri.UnescapeDataString(encoded);
        return path.Length > 0 && path[^1] != '/' && Encode(path) == file ? path : null;
    }

    private static void Append(StringBuilder builder, ReadOnlySpan<char> segment, bool keepDots)
    {
        Span<byte> bytes = stackalloc byte[4];
        var first = true;
        foreach (var rune in segment.EnumerateRunes())
        {
            var literal = rune.IsAscii && (IsPlain((char)rune.Value) || (rune.Value == '.' && keepDots && !first));
            first = false;
            if (literal)
            {
                builder.Append((char)rune.Value);
                continue;
            }

            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                builder.Append('%').Append(value.ToString("X2"));
            }
        }
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_';
}
