using System.Globalization;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>What kind of value a key takes: how it is described, read and written.</summary>
/// <param name="noun">With its article: <c>a whole number</c>.</param>
/// <param name="allowed">Which values: <c>from 1 to 10</c>; empty where the noun says it all.</param>
internal abstract class ValueKind(string noun, string allowed)
{
    public string Noun { get; } = noun;

    public string Allowed { get; } = allowed;

    /// <summary>Whether the value is text to YAML, so that it may stand in quotes.</summary>
    public abstract bool IsText { get; }

    public string Description => Allowed.Length == 0 ? Noun : $"{Noun} {Allowed}";
}

/// <inheritdoc/>
internal abstract class ValueKind<T>(string noun, string allowed) : ValueKind(noun, allowed)
{
    /// <summary>The value of <paramref name="text"/>; false where it is not of this kind.</summary>
    public abstract bool TryRead(string text, out T value);

    /// <summary>The text that <see cref="TryRead"/> reads as <paramref name="value"/>.</summary>
    public abstract string Write(T value);
}

/// <summary>An integer in a range.</summary>
internal sealed class WholeNumber(int minimum, int maximum) : ValueKind<int>("a whole number", $"from {minimum} to {maximum}")
{
    public override bool IsText => false;

    public override bool TryRead(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum;

    public override string Write(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An integer in a range, or the word <c>all</c>, which is null.</summary>
internal sealed class CountOrAll(int minimum, int maximum) : ValueKind<int?>("a whole number", $"from {minimum} to {maximum}, or 'all'")
{
    private readonly WholeNumber number = new(minimum, maximum);

    public override bool IsText => false;

    public override bool TryRead(string text, out int? value)
    {
        var isNumber = number.TryRead(text, out var count);
        value = isNumber ? count : null;
        return isNumber || text == "all";
    }

    public override string Write(int? value) => value is { } count ? number.Write(count) : "all";
}

/// <summary>Any unsigned 64-bit integer.</summary>
internal sealed class SeedNumber() : ValueKind<ulong>("a whole number", $"from 0 to {ulong.MaxValue}")
{
    public override bool IsText => false;

    public override bool TryRead(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    public override string Write(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A finite number in a range, whose ends may be excluded.</summary>
internal sealed class RealNumber(double minimum, double maximum, bool aboveMinimum = false, bool belowMaximum = false) : ValueKind<double>(
    "a number",
    string.Create(CultureInfo.InvariantCulture, $"{(aboveMinimum ? "above" : "from")} {minimum} {(belowMaximum ? "to below" : "up to")} {maximum}"))
{
    public override bool IsText => false;

    public override bool TryRead(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
        && (aboveMinimum ? value > minimum : value >= minimum) && (belowMaximum ? value < maximum : value <= maximum);

    public override string Write(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>An option of a strategy that takes whole numbers only.</summary>
internal sealed class WholeOption(double minimum, double maximum) : ValueKind<double>(
    "a whole number", string.Create(CultureInfo.InvariantCulture, $"from {minimum} to {maximum}"))
{
    public override bool IsText => false;

    public override bool TryRead(string text, out double value)
    {
        var isNumber = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        value = number;
        return isNumber && value >= minimum && value <= maximum;
    }

    public override string Write(double value) => ((long)value).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A length of time in one unit.</summary>
internal sealed class Duration(TimeSpan minimum, TimeSpan maximum) : ValueKind<TimeSpan>(
    "a duration", $"from {Text(minimum)} to {Text(maximum)}: a whole number and s, m, h or d, such as 90s or 5m")
{
    private static readonly (char Letter, TimeSpan Length)[] Units =
        [('d', TimeSpan.FromDays(1)), ('h', TimeSpan.FromHours(1)), ('m', TimeSpan.FromMinutes(1)), ('s', TimeSpan.FromSeconds(1))];

    public override bool IsText => false;

    public override bool TryRead(string text, out TimeSpan value)
    {
        value = default;
        var unit = text.Length == 0 ? default : Array.Find(Units, unit => unit.Letter == text[^1]);
        if (unit.Length == TimeSpan.Zero
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > maximum / unit.Length)
        {
            return false;
        }

        value = unit.Length * count;
        return value >= minimum;
    }

    public override string Write(TimeSpan value) => Text(value);

    private static string Text(TimeSpan value)
    {
        var (letter, length) = Array.Find(Units, unit => value.Ticks % unit.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{value.Ticks / length.Ticks}{letter}");
    }
}

/// <summary>One word of a list.</summary>
internal sealed class Choice<T>(params (string Word, T Value)[] choices)
    : ValueKind<T>("one of", string.Join(", ", choices.Select(choice => choice.Word)))
{
    public override bool IsText => true;

    public override bool TryRead(string text, out T value)
    {
        var index = Array.FindIndex(choices, choice => choice.Word == text);
        value = index < 0 ? default! : choices[index].Value;
        return index >= 0;
    }

    public override string Write(T value) => choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Word;
}

/// <summary>An identifier, read by its own type.</summary>
internal sealed class Identifier<T>(Func<string, T> parse) : ValueKind<T>(
    "a name", "of 1 to 63 lower-case letters, digits and hyphens that does not begin with a hyphen")
    where T : struct
{
    public override bool IsText => true;

    public override bool TryRead(string text, out T value) => Parsing.TryParse(parse, text, out value);

    public override string Write(T value) => value.ToString() ?? "";
}

/// <summary>A version of a model.</summary>
internal sealed class VersionName() : ValueKind<ModelVersionId>("a model version", "written NAME@NUMBER, such as digits@3")
{
    public override bool IsText => true;

    public override bool TryRead(string text, out ModelVersionId value) => Parsing.TryParse(ModelVersionId.Parse, text, out value);

    public override string Write(ModelVersionId value) => value.ToString();
}

/// <summary>Identifiers have one reader, which throws.</summary>
internal static class Parsing
{
    public static bool TryParse<T>(Func<string, T> parse, string text, out T value)
        where T : struct
    {
        try
        {
            value = parse(text);
            return true;
        }
        catch (FormatException)
        {
            value = default;
            return false;
        }
    }
}
