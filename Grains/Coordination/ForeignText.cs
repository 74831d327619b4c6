using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Coordination;

/// <summary>Sentences that participants send. They are kept, shown and logged, so they are short and stay on their line.</summary>
internal static class ForeignText
{
    /// <summary>The longest sentence that is kept, in characters.</summary>
    public const int MaximumSentence = 500;

    /// <summary>The sentence, cut where it is too long, with a mark for each character that does not print.</summary>
    public static string Sentence(string? text) => string.IsNullOrWhiteSpace(text) ? "it gives no reason." : PrintableText.Clean(text, MaximumSentence);
}
