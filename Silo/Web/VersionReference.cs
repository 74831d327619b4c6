using System.Globalization;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Silo.Web;

/// <summary>A version as people name it: <c>digits@3</c>, <c>digits@head</c>, <c>digits@promoted</c>.</summary>
/// <param name="Model">The model.</param>
/// <param name="Number">The number, <see cref="Head"/> or <see cref="Promoted"/>.</param>
public sealed record VersionReference(ModelName Model, string Number)
{
    /// <summary>The newest version.</summary>
    public const string Head = "head";

    /// <summary>The version to use.</summary>
    public const string Promoted = "promoted";

    /// <summary>Reads a reference.</summary>
    /// <exception cref="FormatException">The text is something else; the message says what is expected.</exception>
    public static VersionReference Parse(string? text)
    {
        var parts = (text ?? "").Split('@');
        return parts.Length == 2 && (parts[1] is Head or Promoted || IsNumber(parts[1]))
            ? new(ModelName.Parse(parts[0]), parts[1])
            : throw new FormatException($"'{text}' is not a model version: write NAME@NUMBER, NAME@head or NAME@promoted, for example digits@3.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Model}@{Number}";

    private static bool IsNumber(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
