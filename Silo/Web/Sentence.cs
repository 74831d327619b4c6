namespace OrleansEdge.Silo.Web;

/// <summary>Makes messages uniform: a capital at the beginning, a full stop at the end.</summary>
internal static class Sentence
{
    /// <summary>The message as a sentence.</summary>
    public static string Of(string message)
    {
        if (message.Length == 0)
        {
            return message;
        }

        var end = message[^1] is '.' or '!' or '?' ? "" : ".";
        return char.IsAsciiLetterLower(message[0]) ? $"{char.ToUpperInvariant(message[0])}{message.AsSpan(1)}{end}" : $"{message}{end}";
    }
}
