namespace OrleansEdge.Contracts.Identifiers;

/// <summary>The name under which a participant offers data: <c>turbines</c>.</summary>
[Immutable, Alias(Aliases.DataName)]
public readonly record struct DataName : IComparable<DataName>
{
    private DataName(string value) => Value = value;

    /// <summary>The identifier's text.</summary>
    public string Value { get; }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is outside the grammar; the message says what is allowed.</exception>
    public static DataName Parse(string? text) => new(IdentifierGrammar.RequireSegment(text, "data name"));

    /// <inheritdoc/>
    public int CompareTo(DataName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order, the order of every persisted list.</summary>
    public static bool operator <(DataName left, DataName right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(DataName left, DataName right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(DataName left, DataName right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(DataName left, DataName right) => left.CompareTo(right) >= 0;
}
