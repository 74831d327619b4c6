namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>Reads what a process writes to its end and keeps only the last part, so that a talkative process costs no memory.</summary>
internal static class LastWords
{
    private const int Kept = 4096;

    /// <summary>The last characters that <paramref name="reader"/> gives.</summary>
    public static async Task<string> ReadAsync(TextReader reader)
    {
        var buffer = new char[2 * Kept];
        var length = 0;
        while (await reader.ReadAsync(buffer.AsMemory(length)).ConfigureAwait(false) is > 0 and var read)
        {
            length += read;
            if (length > Kept)
            {
                buffer.AsSpan(length - Kept, Kept).CopyTo(buffer);
                length = Kept;
            }
        }

        return new(buffer, 0, length);
    }
}
