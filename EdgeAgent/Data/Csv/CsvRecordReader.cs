namespace OrleansEdge.EdgeAgent.Data.Csv;

/// <summary>
/// Reads one record after the other of text in the format of RFC 4180: values apart by commas, quoted where they hold commas, quotes
/// (doubled) or line ends. Holds one record in memory. Lines with nothing in them are skipped.
/// </summary>
/// <param name="reader">The text.</param>
/// <param name="file">The file's name, for messages.</param>
internal sealed class CsvRecordReader(TextReader reader, string file)
{
    /// <summary>The longest record, in characters.</summary>
    public const int MaximumRecordLength = 1 << 22;

    /// <summary>The largest number of columns.</summary>
    public const int MaximumColumns = 1 << 16;

    private readonly List<int> ends = [];
    private readonly char[] buffer = new char[1 << 14];
    private int bufferPosition;
    private int bufferLength;
    private char[] text = new char[1024];
    private int length;
    private long nextLine = 1;

    /// <summary>The line on which the current record begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The number of values in the current record.</summary>
    public int Count => ends.Count;

    /// <summary>One value of the current record, without the blanks around it; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<char> this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : ends[index - 1];
            return text.AsSpan(start, ends[index] - start).Trim();
        }
    }

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <exception cref="DataException">The record is wrongly quoted or too long.</exception>
    public bool Read()
    {
        do
        {
            if (Peek() < 0)
            {
                return false;
            }

            ends.Clear();
            length = 0;
            Line = nextLine;
            ReadRecord();
        }
        while (Count == 1 && this[0].IsEmpty);

        return true;
    }

    private void ReadRecord()
    {
        while (true)
        {
            if (Peek() == '"')
            {
                ReadQuoted();
            }

            var next = Take();
            switch (next)
            {
                case < 0:
                    EndValue();
                    return;
                case ',':
                    EndValue();
                    break;
                case '\n' or '\r':
                    SkipLineFeed(next);
                    nextLine++;
                    EndValue();
                    return;
                default:
                    ReadPlain((char)next);
                    break;
            }
        }
    }

    private void ReadPlain(char first)
    {
        Append(first);
        while (Peek() is var next && next is not (< 0 or ',' or '\n' or '\r'))
        {
            if (next == '"')
            {
                throw new DataException($"{Place()} has a quote inside a value that is not quoted: put the whole value in quotes and " +
                    "double the quote.");
            }

            Append((char)Take());
        }
    }

    private void ReadQuoted()
    {
        Take();
        while (true)
        {
            var next = Take();
            if (next < 0)
            {
                throw new DataException($"{Place()} has a quoted value that does not end: close it with a quote.");
            }

            if (next == '"')
            {
                if (Peek() != '"')
                {
                    break;
                }

                Take();
            }
            else if (next is '\n' or '\r')
            {
                SkipLineFeed(next);
                nextLine++;
                next = '\n';
            }

            Append((char)next);
        }

        if (Peek() is not (< 0 or ',' or '\n' or '\r'))
        {
            throw new DataException($"{Place()} has text after a closing quote: put the whole value in quotes and double the quotes inside.");
        }
    }

    private void SkipLineFeed(int lineEnd)
    {
        if (lineEnd == '\r' && Peek() == '\n')
        {
            Take();
        }
    }

    private void Append(char character)
    {
        if (length == MaximumRecordLength)
        {
            throw new DataException($"{Place()} is longer than {MaximumRecordLength} characters: check that every quote is closed and that " +
                "the file is CSV.");
        }

        if (length == text.Length)
        {
            Array.Resize(ref text, text.Length * 2);
        }

        text[length++] = character;
    }

    private int Peek()
    {
        if (bufferPosition == bufferLength)
        {
            bufferPosition = 0;
            bufferLength = reader.Read(buffer);
        }

        return bufferLength == 0 ? -1 : buffer[bufferPosition];
    }

    private int Take()
    {
        var next = Peek();
        bufferPosition += next < 0 ? 0 : 1;
        return next;
    }

    private void EndValue()
    {
        if (ends.Count == MaximumColumns)
        {
            throw new DataException($"{Place()} has more than {MaximumColumns} values: check that the file is CSV.");
        }

        ends.Add(length);
    }

    private string Place() => $"Line {Line} of '{file}', column {ends.Count + 1},";
}
