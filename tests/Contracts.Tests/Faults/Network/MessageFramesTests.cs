using System.Buffers.Binary;
using OrleansEdge.Contracts.Faults.Network;

namespace OrleansEdge.Contracts.Tests.Faults.Network;

public sealed class MessageFramesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(1000)]
    public void Messages_are_found_however_the_bytes_are_cut(int piece)
    {
        byte[] bytes = [.. Preamble(20), .. Message(10, 0), .. Message(5, 300), .. Message(1, 1)];
        var frames = new MessageFrames();
        var count = 0;
        foreach (var part in bytes.Chunk(piece))
        {
            count += frames.Count(part);
        }

        Assert.Equal(4, count);
        Assert.True(frames.IsAtBoundary);
    }

    [Fact]
    public void A_message_counts_when_its_last_byte_has_come()
    {
        var frames = new MessageFrames();
        Assert.Equal(1, frames.Count(Preamble(3)));
        var message = Message(4, 4);
        Assert.Equal(0, frames.Count(message.AsSpan(0, 15)));
        Assert.False(frames.IsAtBoundary);
        Assert.Equal(1, frames.Count(message.AsSpan(15)));
    }

    [Fact]
    public void Of_another_protocol_each_piece_is_a_message()
    {
        var frames = new MessageFrames();
        byte[] bytes = [0xff, 0xff, 0xff, 0xff, 1, 2, 3];
        Assert.Equal(1, frames.Count(bytes));
        Assert.Equal(1, frames.Count(bytes));
        Assert.False(frames.IsAtBoundary);
    }

    private static byte[] Preamble(int length)
    {
        var bytes = new byte[4 + length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }

    private static byte[] Message(int header, int body)
    {
        var bytes = new byte[8 + header + body];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, header);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), body);
        return bytes;
    }
}
