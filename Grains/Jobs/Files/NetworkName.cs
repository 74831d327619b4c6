using System.Globalization;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>A built-in architecture, or the path of a TorchScript file.</summary>
internal sealed class NetworkName() : ValueKind<JobNetwork>(
    "a network",
    "that is built in (2nn, cnn, niid-cnn, logistic, or mlp: and 1 to 16 hidden widths such as mlp:64,32) " +
    "or the path of a TorchScript file that ends with .pt")
{
    private const int MaximumPathLength = 1024;
    private const int MaximumHiddenLayers = 16;
    private const int MaximumWidth = 65_536;
    private const string MultilayerPrefix = "mlp:";
    private static readonly string[] BuiltIn = ["2nn", "cnn", "niid-cnn", "logistic"];

    public override bool IsText => true;

    public override bool TryRead(string text, out JobNetwork value)
    {
        var isFile = text.EndsWith(".pt", StringComparison.Ordinal);
        value = new(text, isFile);
        return isFile ? text.Length is > 3 and <= MaximumPathLength && IsPath(text) : BuiltIn.Contains(text) || IsMultilayer(text);
    }

    public override string Write(JobNetwork value) => value.Text;

    private static bool IsMultilayer(string text)
    {
        if (!text.StartsWith(MultilayerPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var widths = text[MultilayerPrefix.Length..].Split(',');
        return widths.Length <= MaximumHiddenLayers && Array.TrueForAll(widths, width =>
            int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MaximumWidth);
    }

    // A pair of surrogates is one printable character; anything else that does not print would be invisible in messages and logs.
    private static bool IsPath(string text) => text.Length == text.Trim().Length && text.EnumerateRunes().All(rune =>
        rune.IsBmp ? rune.Value != 0xFFFD && PrintableText.IsPrintable((char)rune.Value) : true);
}
