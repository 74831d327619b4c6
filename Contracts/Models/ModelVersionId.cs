using System.Globalization;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Models;

/// <summary>One immutable version of a model, written <c>NAME@NUMBER</c>. Numbers begin at 0 and never return.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Number">The version's number, from 0.</param>
[GenerateSerializer, Immutable, Alias(Aliases.ModelVersionId)]
public readonly record struct ModelVersionId([property: Id(0)] ModelName Model, [property: Id(1)] int Number)
{
    /// <summary>Reads <c>NAME@NUMBER</c>.</summary>
    /// <exception cref="FormatException">The text is something else; the message says what is expected.</exception>
    public static ModelVersionId Parse(string? text)
    {
        var parts = (text ?? "").Split('@');
        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(ModelName.Parse(parts[0]), number)
            : throw new FormatException($"'{text}' is not a model version: write NAME@NUMBER, for example digits@3.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Model}@{Number}";
}
