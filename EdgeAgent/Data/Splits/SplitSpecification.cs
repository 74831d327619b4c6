using System.Globalization;

namespace OrleansEdge.EdgeAgent.Data.Splits;

/// <summary>How one data set is divided over devices.</summary>
internal enum SplitKind
{
    /// <summary>Equal random parts.</summary>
    Iid = 0,

    /// <summary>Each class is divided in random proportions.</summary>
    Dirichlet = 1,

    /// <summary>Each device gets a few runs of the examples sorted by class.</summary>
    Classes = 2,
}

/// <summary>A split as a user writes it: <c>iid</c>, <c>dirichlet:ALPHA</c> or <c>classes:K</c>.</summary>
/// <param name="Kind">The algorithm.</param>
/// <param name="Alpha">The concentration for <see cref="SplitKind.Dirichlet"/>: the smaller, the more unequal.</param>
/// <param name="ClassesPerDevice">The number of runs per device for <see cref="SplitKind.Classes"/>.</param>
internal sealed record SplitSpecification(SplitKind Kind, double Alpha = 0, int ClassesPerDevice = 0)
{
    /// <summary>The seed where a user gives none; all devices of an experiment need the same.</summary>
    public const ulong DefaultSeed = 1;

    private const double SmallestAlpha = 1e-3;
    private const double LargestAlpha = 1e6;
    private const int MostClasses = 1000;

    /// <summary>Equal random parts.</summary>
    public static SplitSpecification Iid { get; } = new(SplitKind.Iid);

    /// <summary>Whether the split looks at the classes of the examples, so that it cannot divide regression data.</summary>
    public bool NeedsClasses => Kind != SplitKind.Iid;

    /// <summary>Reads a split.</summary>
    /// <exception cref="DataException">The text is no split; the message says what is allowed.</exception>
    public static SplitSpecification Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        var value = colon < 0 ? "" : text[(colon + 1)..];
        return name switch
        {
            "iid" when colon < 0 => Iid,
            "dirichlet" => new SplitSpecification(SplitKind.Dirichlet, Alpha: ParseAlpha(text, value)),
            "classes" => new SplitSpecification(SplitKind.Classes, ClassesPerDevice: ParseClasses(text, value)),
            _ => throw new DataException($"'{text}' is not a split: use iid, dirichlet:ALPHA (such as dirichlet:0.1) or classes:K (such as " +
                "classes:2)."),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        SplitKind.Dirichlet => string.Create(CultureInfo.InvariantCulture, $"dirichlet:{Alpha}"),
        SplitKind.Classes => $"classes:{ClassesPerDevice}",
        _ => "iid",
    };

    private static double ParseAlpha(string text, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var alpha) && alpha is >= SmallestAlpha and <= LargestAlpha
            ? alpha
            : throw new DataException($"The split '{text}' needs a number from {SmallestAlpha} to {LargestAlpha:0} after the colon, such " +
                "as dirichlet:0.1.");

    private static int ParseClasses(string text, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var classes) && classes is >= 1 and <= MostClasses
            ? classes
            : throw new DataException($"The split '{text}' needs a whole number from 1 to {MostClasses} after the colon, such as classes:2.");
}
