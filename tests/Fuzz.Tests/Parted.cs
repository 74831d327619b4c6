using System.Buffers;

namespace OrleansEdge.Fuzz.Tests;

/// <summary>Bytes that have come in two parts.</summary>
internal sealed class Parted : ReadOnlySequenceSegment<byte>
{
    /// <param name="bytes">The bytes.</param>
    /// <param name="at">Where the second part begins.</param>
    public static ReadOnlySequence<byte> In(ReadOnlyMemory<byte> bytes, int at)
    {
        var last = new Parted { Memory = bytes[at..], RunningIndex = at };
        return new(new Parted { Memory = bytes[..at], Next = last }, 0, last, bytes.Length - at);
    }
}
