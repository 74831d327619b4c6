using System.Text;

namespace OrleansEdge.LocalCluster.Processes;

/// <summary>What a process writes, kept in a file over its restarts.</summary>
internal sealed class ProcessLog(string path) : IDisposable
{
    private const int TailBytes = 16 * 1024;
    private readonly Lock gate = new();
    private readonly FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Copies a stream to the log until it ends.</summary>
    public async Task Pump(Stream source)
    {
        var buffer = new byte[TailBytes];
        int count;
        while ((count = await source.ReadAsync(buffer)) > 0)
        {
            Append(buffer.AsSpan(0, count));
        }
    }

    /// <summary>The last lines; fewer if there are not so many.</summary>
    public string Tail(int lines)
    {
        using var reading = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        reading.Seek(-Math.Min(reading.Length, TailBytes), SeekOrigin.End);
        using var reader = new StreamReader(reading, Encoding.UTF8);
        return string.Join('\n', reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            file.Dispose();
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            try
            {
                file.Write(bytes);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // A full disk must not stop the reading: the process would wait for ever with a full pipe.
            }
        }
    }
}
