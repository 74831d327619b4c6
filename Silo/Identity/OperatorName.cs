using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Silo.Identity;

/// <summary>An operator of a site: a person or a program.</summary>
public readonly record struct OperatorName
{
    private OperatorName(string value) => Value = value;

    /// <summary>The identifier's text.</summary>
    public string Value { get; }

    /// <summary>Reads an identifier.</summary>
    /// <exception cref="FormatException">The text is outside the grammar; the message says what is allowed.</exception>
    public static OperatorName Parse(string? text) => text is not null && IdentifierGrammar.IsSegment(text)
        ? new(text)
        : throw new FormatException("An operator's name has 1 to 63 lower-case letters, digits and hyphens, and does not begin with a hyphen.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
