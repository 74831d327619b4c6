namespace OrleansEdge.Contracts.Identifiers;

/// <summary>One training run.</summary>
[Immutable, Alias(Aliases.JobId)]
public readonly record struct JobId : IComparable<JobId>
{
    private JobId(string value) => Value = value;

    /// <summary>The identifier's text.</summary>
    public string Value { get; }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is outside the grammar; the message says what is allowed.</exception>
    public static JobId Parse(string? text) => new(IdentifierGrammar.RequireSegment(text, "job id"));

    /// <inheritdoc/>
    public int CompareTo(JobId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order, the order of every persisted list.</summary>
    public static bool operator <(JobId left, JobId right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(JobId left, JobId right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(JobId left, JobId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(JobId left, JobId right) => left.CompareTo(right) >= 0;
}
