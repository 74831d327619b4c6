using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansEdge.Contracts.Content;

namespace OrleansEdge.Contracts.Tests.Content;

public sealed class ChunkTests
{
    private static readonly Serializer<Chunk> Codec = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer<Chunk>>();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk.PreferredLength / 4)]
    [InlineData(Chunk.PreferredLength - 1)]
    [InlineData(Chunk.PreferredLength)]
    [InlineData(Chunk.MaximumLength)]
    public void Chunk_of_any_length_arrives_as_it_was_sent(int length)
    {
        var sent = Bytes(length, seed: length);

        var received = Codec.Deserialize(Codec.SerializeToArray(new Chunk(sent)));

        Assert.True(received.Span.SequenceEqual(sent));
    }

    [Fact]
    public void Chunk_above_the_limit_is_refused()
    {
        var sent = Codec.SerializeToArray(new Chunk(new byte[Chunk.MaximumLength + 1]));

        Assert.Throws<InvalidDataException>(() => Codec.Deserialize(sent));
    }

    [Fact]
    public void Chunk_released_twice_gives_its_memory_to_one_successor_only()
    {
        var message = Codec.SerializeToArray(new Chunk(Bytes(Chunk.PreferredLength, seed: 1)));
        var first = Codec.Deserialize(message);
        first.Release();
        first.Release();

        var second = Codec.Deserialize(message);
        var third = Codec.Deserialize(Codec.SerializeToArray(new Chunk(Bytes(Chunk.PreferredLength, seed: 2))));

        Assert.True(second.Span.SequenceEqual(Bytes(Chunk.PreferredLength, seed: 1)));
        Assert.False(second.Span.Overlaps(third.Span));
    }

    [Fact]
    public void Chunk_that_was_not_received_keeps_its_memory()
    {
        var own = Bytes(Chunk.PreferredLength, seed: 3);
        new Chunk(own).Release();

        var received = Codec.Deserialize(Codec.SerializeToArray(new Chunk(Bytes(Chunk.PreferredLength, seed: 4))));

        Assert.False(received.Span.Overlaps(own));
        Assert.Equal(Bytes(Chunk.PreferredLength, seed: 3), own);
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
