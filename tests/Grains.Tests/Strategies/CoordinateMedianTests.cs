using System.Runtime.Intrinsics;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Tests.Strategies;

public class CoordinateMedianTests
{
    private const int Width = 53;

    public static TheoryData<int> Counts => [.. Enumerable.Range(1, 34), 63, 64, 65, 1000];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Combine_equals_the_middle_of_the_sorted_column(int count)
    {
        var baseWeights = Blocks.Realistic(1, Width, seed: count)[0];
        var deltas = Blocks.Realistic(count, Width, seed: 100 + count);
        var next = Combine(baseWeights, deltas);
        for (var column = 0; column < Width; column++)
        {
            var sorted = deltas.Select(delta => (double)delta[column]).Order().ToArray();
            var median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
            Assert.Equal((float)(baseWeights[column] + median), next[column]);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(12)]
    public void Combine_in_any_order_gives_identical_bits(int count)
    {
        var baseWeights = Blocks.AnyFinite(1, Width, seed: 1)[0];
        var deltas = Blocks.AnyFinite(count, Width, seed: 2);
        var expected = Blocks.Bits(Combine(baseWeights, deltas));
        var random = new Random(6);
        for (var repetition = 0; repetition < 10; repetition++)
        {
            random.Shuffle(deltas);
            Assert.Equal(expected, Blocks.Bits(Combine(baseWeights, deltas)));
        }
    }

    [Fact]
    public void Combine_of_zeros_of_both_signs_keeps_the_base_bit_for_bit()
    {
        float[] baseWeights = [-0f, 0f, 1f];
        foreach (var order in Blocks.Permutations([0f, -0f, -0f, 0f]))
        {
            var deltas = Array.ConvertAll(order, value => new[] { value, value, value });
            Assert.Equal(Blocks.Bits(baseWeights), Blocks.Bits(Combine(baseWeights, deltas)));
        }
    }

    [Fact]
    public void Combine_of_large_values_does_not_overflow() =>
        Assert.Equal([float.MaxValue], Combine([0f], [[float.MaxValue], [float.MaxValue]]));

    [Fact]
    public void Decide_gives_every_contribution_the_same_weight()
    {
        Assert.Equal([1, 1, 1], new CoordinateMedian().Decide([new(1), new(0), new(100_000)], distances: null));
        Assert.Throws<StrategyException>(() => new CoordinateMedian().Decide([], distances: null));
    }

    [Fact]
    public void Network_brings_the_middle_of_all_zeros_and_ones_to_the_middle()
    {
        // By the 0-1 principle, a network that selects from all zeros and ones selects from anything.
        for (var count = 1; count <= 12; count++)
        {
            var network = new MedianNetwork(count);
            for (var pattern = 0; pattern < 1 << count; pattern++)
            {
                var rows = Enumerable.Range(0, count).Select(row => Vector512.Create((float)(pattern >> row & 1))).ToArray();
                var zeros = rows.Count(row => row[0] == 0);
                network.Apply(rows);
                Assert.Equal((count - 1) / 2 < zeros ? 0f : 1f, rows[(count - 1) / 2][3]);
                Assert.Equal(count / 2 < zeros ? 0f : 1f, rows[count / 2][15]);
            }
        }
    }

    private static float[] Combine(float[] baseWeights, float[][] deltas) =>
        Blocks.Combine(new CoordinateMedian(), baseWeights, deltas, Array.ConvertAll(deltas, _ => 1L));
}
