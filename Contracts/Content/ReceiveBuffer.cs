using System.Collections.Concurrent;

namespace OrleansEdge.Contracts.Content;

/// <summary>
/// Memory that one chunk is received into. Chunks of the preferred length are large objects to the collector, and come by the thousand: their
/// arrays are used again. An array whose buffer is never released is left to the collector.
/// </summary>
internal sealed class ReceiveBuffer
{
    /// <summary>Arrays that are kept for use: 64 MiB, as much as a silo stages in memory.</summary>
    private const int Kept = 256;

    /// <summary>Shorter chunks are not worth keeping.</summary>
    private const int ShortestPooled = Chunk.PreferredLength / 4;

    private static readonly ConcurrentStack<byte[]> Idle = new();
    private static int _idleCount;

    private readonly int _length;
    private byte[]? _array;

    /// <summary>Takes memory for <paramref name="length"/> bytes of any content.</summary>
    public ReceiveBuffer(int length)
    {
        _length = length;
        _array = Rent(length);
    }

    /// <summary>To be received into.</summary>
    public Span<byte> Span => Array.AsSpan(0, _length);

    /// <summary>What was received.</summary>
    public ReadOnlyMemory<byte> Memory => Array.AsMemory(0, _length);

    private byte[] Array => _array ?? throw new ObjectDisposedException(nameof(Chunk));

    /// <summary>Gives the memory back; once.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _array, null) is not { Length: Chunk.PreferredLength } array)
        {
            return;
        }

        if (Interlocked.Increment(ref _idleCount) <= Kept)
        {
            Idle.Push(array);
        }
        else
        {
            Interlocked.Decrement(ref _idleCount);
        }
    }

    private static byte[] Rent(int length)
    {
        if (length is < ShortestPooled or > Chunk.PreferredLength)
        {
            return GC.AllocateUninitializedArray<byte>(length);
        }

        if (!Idle.TryPop(out var array))
        {
            return GC.AllocateUninitializedArray<byte>(Chunk.PreferredLength);
        }

        Interlocked.Decrement(ref _idleCount);
        return array;
    }
}
