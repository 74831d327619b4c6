namespace OrleansEdge.Contracts.Identifiers;

/// <summary>The name of a site.</summary>
[Immutable, Alias(Aliases.SiteName)]
public readonly record struct SiteName : IComparable<SiteName>
{
    private SiteName(string value) => Value = value;

    /// <summary>The identifier's text.</summary>
    public string Value { get; }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is outside the grammar; the message says what is allowed.</exception>
    public static SiteName Parse(string? text) => new(IdentifierGrammar.RequireSegment(text, "site name"));

    /// <inheritdoc/>
    public int CompareTo(SiteName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order, the order of every persisted list.</summary>
    public static bool operator <(SiteName left, SiteName right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(SiteName left, SiteName right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(SiteName left, SiteName right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(SiteName left, SiteName right) => left.CompareTo(right) >= 0;
}
