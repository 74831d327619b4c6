using OrleansEdge.Contracts.Identifiers;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>A node of the plain part of YAML that job files use, with the line, from 1, on which it begins.</summary>
internal abstract record YamlNode(int Line);

/// <summary>A single value.</summary>
/// <param name="Line">The line.</param>
/// <param name="Text">The text without quotes.</param>
/// <param name="IsQuoted">Whether it is text by its quotes, and so no number.</param>
internal sealed record YamlScalar(int Line, string Text, bool IsQuoted) : YamlNode(Line)
{
    /// <summary>Whether there is no value: nothing after the colon, or YAML's null.</summary>
    public bool IsEmpty => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>Keys and their values, in the file's order, each key once.</summary>
internal sealed record YamlMapping(int Line, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line);

/// <summary>One key of a mapping.</summary>
internal sealed record YamlEntry(string Key, int Line, YamlNode Value);

/// <summary>A list.</summary>
internal sealed record YamlList(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line);

/// <summary>Something that was refused already.</summary>
internal sealed record YamlRefused(int Line) : YamlNode(Line);

/// <summary>
/// Reads one YAML document into a tree. Works on parser events, not on a library's document model, so that depth is bounded,
/// aliases are never expanded, and a duplicate key does not hide the faults after it.
/// </summary>
internal sealed class YamlTree
{
    private const int MaximumDepth = 8;
    private const int MaximumReason = 200;
    private readonly Scanner scanner;
    private readonly Parser parser;
    private readonly JobFileErrors errors;

    private YamlTree(string text, JobFileErrors errors)
    {
        scanner = new Scanner(new StringReader(text));
        parser = new Parser(scanner);
        this.errors = errors;
    }

    /// <summary>The document's root, or null where there is none or the YAML is not well formed; the fault is among the errors.</summary>
    public static YamlNode? Read(string text, JobFileErrors errors)
    {
        var tree = new YamlTree(text, errors);
        try
        {
            return tree.ReadDocument();
        }
        catch (TooDeepException exception)
        {
            errors.Add(LineOf(exception.Start), $"nested more than {MaximumDepth} levels deep");
        }
        catch (YamlException exception)
        {
            var reason = exception.Message.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal).TrimEnd('.');
            errors.Add(Math.Min(LineOf(exception.Start), LastLine(text)), $"not well-formed YAML: {PrintableText.Clean(reason, MaximumReason)}");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // The scanner loses its place in some unclosed brackets and impossible escapes, and says only that.
            errors.Add(Math.Min(LineOf(tree.scanner.CurrentPosition), LastLine(text)),
                "not well-formed YAML: check the brackets, quotes and escapes here and above");
        }

        return null;
    }

    private YamlNode? ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var root = ReadNode(1);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
        {
            errors.Add(LineOf(second.Start), "a second YAML document begins here: put each job in a file of its own");
        }

        return root;
    }

    private YamlNode ReadNode(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Refuse(alias, "aliases ('*name') are not allowed in a job file: write the value out");
        }

        if (!parser.Accept<NodeEvent>(out var start))
        {
            throw new YamlException("a value was expected");
        }

        if (!start.Anchor.IsEmpty)
        {
            errors.Add(LineOf(start.Start), "anchors ('&name') are not allowed in a job file: write the value where it is used");
        }

        if (!start.Tag.IsEmpty)
        {
            errors.Add(LineOf(start.Start), "tags ('!name') are not allowed in a job file: leave the tag out");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlScalar(LineOf(scalar.Start), scalar.Value, scalar.Style != ScalarStyle.Plain);
        }

        if (depth > MaximumDepth)
        {
            throw new TooDeepException(start.Start);
        }

        if (parser.TryConsume<MappingStart>(out var mapping))
        {
            return ReadMapping(LineOf(mapping.Start), depth);
        }

        return ReadList(LineOf(start.Start), depth);
    }

    private YamlList ReadList(int line, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new(line, items);
    }

    private YamlMapping ReadMapping(int line, int depth)
    {
        var entries = new List<YamlEntry>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not YamlScalar { Text: var name })
            {
                errors.Add(key.Line, "a key must be a word");
            }
            else if (!lines.TryAdd(name, key.Line))
            {
                errors.Add(key.Line, $"{JobFileErrors.Quote(name)} is given twice, first on line {lines[name]}: keep one of them");
            }
            else
            {
                entries.Add(new(name, key.Line, value));
            }
        }

        return new(line, entries);
    }

    private YamlRefused Refuse(ParsingEvent where, string message)
    {
        errors.Add(LineOf(where.Start), message);
        return new(LineOf(where.Start));
    }

    // The parser puts a fault at the end of the file one line too far.
    private static int LastLine(string text)
    {
        var written = text.AsSpan().TrimEnd();
        return 1 + written.CountAny("\n\r\u0085\u2028\u2029") - written.Count("\r\n");
    }

    private static int LineOf(Mark mark) => (int)Math.Max(1, mark.Line);

    /// <summary>Ends the reading at once: the parser's time grows with the square of the depth.</summary>
    private sealed class TooDeepException(Mark where) : YamlException(where, where, "");
}
