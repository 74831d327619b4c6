namespace OrleansEdge.Contracts.Identifiers;

/// <summary>The name under which versions of a model are published.</summary>
[Immutable, Alias(Aliases.ModelName)]
public readonly record struct ModelName : IComparable<ModelName>
{
    private ModelName(string value) => Value = value;

    /// <summary>The identifier's text.</summary>
    public string Value { get; }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is outside the grammar; the message says what is allowed.</exception>
    public static ModelName Parse(string? text) => new(IdentifierGrammar.RequireSegment(text, "model name"));

    /// <inheritdoc/>
    public int CompareTo(ModelName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order, the order of every persisted list.</summary>
    public static bool operator <(ModelName left, ModelName right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(ModelName left, ModelName right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator <=(ModelName left, ModelName right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >=(ModelName left, ModelName right) => left.CompareTo(right) >= 0;
}
