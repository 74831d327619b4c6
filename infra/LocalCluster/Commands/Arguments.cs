using System.CommandLine;
using System.Globalization;

namespace OrleansEdge.LocalCluster.Commands;

/// <summary>What the options of this program have in common.</summary>
internal static class Arguments
{
    /// <summary>An option with a value.</summary>
    /// <param name="name">Its name, with the hyphens.</param>
    /// <param name="value">What its value is called in the help.</param>
    /// <param name="description">What it is for.</param>
    public static Option<string?> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    /// <summary>Reads a number; null where the option is left out.</summary>
    /// <exception cref="FormatException">It is none, or out of range.</exception>
    public static int? Number(ParseResult result, Option<string?> option, int least, int most)
    {
        var text = result.GetValue(option);
        return text is null ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new FormatException(least == most
                ? $"{option.Name} is '{text}': give {least}, or leave it out."
                : $"{option.Name} is '{text}': give a whole number from {least} to {most}.");
    }

    /// <summary>Reads a text; null where the option is left out.</summary>
    /// <exception cref="FormatException">It is empty.</exception>
    public static string? NotEmpty(ParseResult result, Option<string?> option)
    {
        var text = result.GetValue(option);
        return text is null || !string.IsNullOrWhiteSpace(text) ? text
            : throw new FormatException($"{option.Name} is empty: give {option.HelpName}, or leave it out.");
    }
}
