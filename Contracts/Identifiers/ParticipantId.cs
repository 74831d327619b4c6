namespace OrleansEdge.Contracts.Identifiers;

/// <summary>A device or a site, as its coordinator knows it: <c>dev7</c>, <c>harbour/dev7</c>.</summary>
[Immutable, Alias(Aliases.ParticipantId)]
public readonly record struct ParticipantId : IComparable<ParticipantId>
{
    private ParticipantId(string value) => Value = value;

    /// <summary>The identifier's text.</summary>
    public string Value { get; }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is outside the grammar; the message says what is allowed.</exception>
    public static ParticipantId Parse(string? text) => new(IdentifierGrammar.RequirePath(text, "participant id"));

    /// <inheritdoc/>
    public int CompareTo(ParticipantId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order, the order of every persisted list.</summary>
    public static bool operator <(ParticipantId left, ParticipantId right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(ParticipantId left, ParticipantId right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(ParticipantId left, ParticipantId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(ParticipantId left, ParticipantId right) => left.CompareTo(right) >= 0;
}
