using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansEdge.Grains.Storage;

/// <summary>
/// Where a blob lies: a container and a path of segments joined by <c>/</c>. Container names follow Azure's rule (3 to 63 lower-case letters,
/// digits and single hyphens); a path has at most 1,024 characters in at most 254 segments, of which none is empty, <c>.</c> or <c>..</c>. Other
/// characters are allowed, since Orleans makes paths from keys of grains; each store encodes what its medium does not bear, and may have a
/// tighter limit on lengths.
/// </summary>
public sealed record BlobName : IComparable<BlobName>
{
    /// <summary>The longest path, in characters.</summary>
    public const int MaximumPathLength = 1024;

    private const int MaximumSegments = 254;
    private const int MinimumContainerLength = 3;
    private const int MaximumContainerLength = 63;

    private BlobName(string container, string path)
    {
        Container = container;
        Path = path;
    }

    /// <summary>The container's name.</summary>
    public string Container { get; }

    /// <summary>The path in the container.</summary>
    public string Path { get; }

    /// <summary>Makes a name of a container and a path.</summary>
    /// <exception cref="FormatException">One of them is outside the grammar; the message says which and why.</exception>
    public static BlobName Create(string container, string path)
    {
        RequireContainer(container);
        var problem = PathProblem(path);
        return problem is null
            ? new(container, path)
            : throw new FormatException($"'{Shorten(path)}' cannot name a blob: {problem}.");
    }

    /// <summary>Makes a name if the container and the path follow the grammar.</summary>
    public static bool TryCreate(string container, string path, [NotNullWhen(true)] out BlobName? name)
    {
        name = IsContainer(container) && PathProblem(path) is null ? new(container, path) : null;
        return name is not null;
    }

    /// <summary>Returns <paramref name="container"/> or throws a sentence that says what a container's name may be.</summary>
    /// <exception cref="FormatException">The name is outside the grammar.</exception>
    public static string RequireContainer([NotNull] string? container) => IsContainer(container)
        ? container
        : throw new FormatException(
            $"'{Shorten(container)}' cannot name a container: use {MinimumContainerLength} to {MaximumContainerLength} lower-case letters, " +
            "digits and single hyphens, beginning and ending with a letter or digit.");

    /// <summary>Whether <paramref name="container"/> follows the rule of container names.</summary>
    public static bool IsContainer([NotNullWhen(true)] string? container) =>
        container is { Length: >= MinimumContainerLength and <= MaximumContainerLength }
        && container[0] != '-' && container[^1] != '-' && !container.Contains("--", StringComparison.Ordinal)
        && container.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');

    /// <inheritdoc/>
    public int CompareTo(BlobName? other) => other is null
        ? 1
        : string.CompareOrdinal(Container, other.Container) is var order && order != 0 ? order : string.CompareOrdinal(Path, other.Path);

    /// <inheritdoc/>
    public override string ToString() => $"{Container}/{Path}";

    /// <summary>Ordinal order, first of containers, then of paths.</summary>
    public static bool operator <(BlobName left, BlobName right) => left is null ? right is not null : left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(BlobName left, BlobName right) => left is not null && left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(BlobName left, BlobName right) => !(left > right);

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(BlobName left, BlobName right) => !(left < right);

    private static string? PathProblem(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return "it is empty";
        }

        if (path.Length > MaximumPathLength)
        {
            return $"it has more than {MaximumPathLength} characters";
        }

        if (!IsWellFormed(path))
        {
            return "it is not valid Unicode";
        }

        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan()[range];
            if (segment.IsEmpty || segment is "." or "..")
            {
                return "no part between slashes may be empty, '.' or '..'";
            }

        }

        return path.AsSpan().Count('/') < MaximumSegments ? null : $"it has more than {MaximumSegments} parts between slashes";
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }

    private static string Shorten(string? text) => text is null ? "" : text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}
