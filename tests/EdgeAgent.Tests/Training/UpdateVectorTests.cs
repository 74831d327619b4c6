using System.Runtime.InteropServices;
using OrleansEdge.EdgeAgent.Training;

namespace OrleansEdge.EdgeAgent.Tests.Training;

public sealed class UpdateVectorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1027)]
    public void Subtract_and_add_round_each_element_once(int count)
    {
        var random = new Random(count);
        float[] trained = [.. Enumerable.Range(0, count).Select(_ => Draw(random))];
        float[] origin = [.. Enumerable.Range(0, count).Select(_ => Draw(random))];
        var delta = new float[count];
        var sum = new float[count];

        UpdateVector.Subtract(Bytes(trained), Bytes(origin), Bytes(delta));
        UpdateVector.Add(Bytes(origin), Bytes(delta), Bytes(sum));

        Assert.Equal(Bits(trained.Zip(origin, (left, right) => left - right)), Bits(delta));
        Assert.Equal(Bits(origin.Zip(delta, (left, right) => left + right)), Bits(sum));
    }

    [Fact]
    public void Subtract_keeps_subnormals()
    {
        float[] delta = [0f];

        UpdateVector.Subtract(Bytes([float.Epsilon * 5]), Bytes([float.Epsilon * 2]), Bytes(delta));

        Assert.Equal(float.Epsilon * 3, delta[0]);
    }

    [Fact]
    public void Add_in_place_gives_the_sum()
    {
        float[] values = [.. Enumerable.Range(0, 100).Select(index => (float)index)];

        UpdateVector.Add(Bytes(values), Bytes([.. Enumerable.Repeat(0.5f, 100)]), Bytes(values));

        Assert.Equal(Enumerable.Range(0, 100).Select(index => index + 0.5f), values);
    }

    [Theory]
    [InlineData(8, 4, 8)]
    [InlineData(8, 8, 4)]
    [InlineData(6, 6, 6)]
    public void Different_lengths_are_refused(int trained, int origin, int delta) =>
        Assert.Throws<ArgumentException>(() => UpdateVector.Subtract(new byte[trained], new byte[origin], new byte[delta]));

    // Many magnitudes, so that rounding and cancellation occur.
    private static float Draw(Random random) => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 30)));

    private static Span<byte> Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan());

    private static IEnumerable<int> Bits(IEnumerable<float> values) => values.Select(BitConverter.SingleToInt32Bits);
}
