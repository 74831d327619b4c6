using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace OrleansEdge.Participation.Updates;

/// <summary>
/// How many bytes of an update were sent, kept in the update's file before they go out. A process that dies has then counted what it sent,
/// and the next one goes on: all beyond the update's length was sent more than once. Safe for several threads.
/// </summary>
internal sealed class SentBytes : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SafeFileHandle? _file;
    private readonly long _position;
    private long _total;

    private SentBytes(SafeFileHandle? file, long position)
    {
        _file = file;
        _position = position;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        if (file is not null && RandomAccess.Read(file, bytes, position) == bytes.Length)
        {
            _total = Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(bytes));
        }
    }

    /// <summary>The sum so far, in bytes.</summary>
    public long Total
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    /// <summary>Begins a count in memory.</summary>
    public static SentBytes InMemory() => new(null, 0);

    /// <summary>Opens the count in a file; where the file is gone, because its round has ended, the count is kept in memory only.</summary>
    /// <param name="file">The update's file.</param>
    /// <param name="position">Where the count is in it: 8 bytes, little-endian.</param>
    public static SentBytes Open(string file, long position)
    {
        try
        {
            return new(File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), position);
        }
        catch (FileNotFoundException)
        {
            return new(null, position);
        }
    }

    /// <summary>Adds; a negative number takes back what was not sent after all.</summary>
    public void Add(long bytes)
    {
        Span<byte> written = stackalloc byte[sizeof(long)];
        lock (_gate)
        {
            _total += bytes;
            if (_file is not null)
            {
                BinaryPrimitives.WriteInt64LittleEndian(written, _total);
                RandomAccess.Write(_file, written, _position);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
