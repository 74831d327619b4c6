using System.Text;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>What the targets share.</summary>
internal static class Declared
{
    /// <summary>Exactly this exception.</summary>
    public static Func<Exception, bool> Only<T>()
        where T : Exception => exception => exception is T;

    /// <summary>The input as text; bytes that are no UTF-8 become something else, as they do on a command line.</summary>
    public static string Text(ReadOnlyMemory<byte> input) => Encoding.UTF8.GetString(input.Span);

    /// <summary>A reader of text, whose exception is declared.</summary>
    public static FuzzTarget OfText<T>(string name, Type parser, Action<string> read, params string[] valid)
        where T : Exception => new(name, parser, input => read(Text(input)), Only<T>(), [.. valid.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>A reader of text, of which what was read is written as the same text again.</summary>
    public static FuzzTarget OfIdentifier<T>(string name, Func<string, T> parse, params string[] valid)
        where T : notnull => OfText<FormatException>(name, typeof(T), text => RequireSame(text, parse(text).ToString()), valid);

    private static void RequireSame(string text, string? written) =>
        PropertyException.Require(text == written, $"'{text}' is read, and written as '{written}'");
}
