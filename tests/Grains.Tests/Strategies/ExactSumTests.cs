using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Tests.Strategies;

public class ExactSumTests
{
    // Wider than a tile, and no multiple of a vector.
    private const int Width = 1555;

    [Fact]
    public void Combine_of_cancelling_terms_in_any_order_keeps_the_small_one()
    {
        foreach (var order in Blocks.Permutations([1e30f, 1f, -1e30f]))
        {
            var deltas = Array.ConvertAll(order, value => Enumerable.Repeat(value, 37).ToArray());
            var next = Blocks.Mean(new float[37], deltas, [1, 1, 1]);
            Assert.All(next, value => Assert.Equal(1f / 3, value));
        }
    }

    [Fact]
    public void Combine_of_terms_too_wide_for_two_doubles_is_exact()
    {
        float[] terms = [float.MaxValue, 1e20f, 1f, 1e-20f, float.Epsilon, -1e20f, -1f, -float.MaxValue];
        foreach (var order in Blocks.Permutations(terms).Where((_, index) => index % 97 == 0))
        {
            var deltas = Array.ConvertAll(order, value => Enumerable.Repeat(value, 19).ToArray());
            var sums = Sums(deltas, Array.ConvertAll(order, _ => 1L));
            Assert.All(sums, sum => Assert.Equal((double)1e-20f, sum));
        }
    }

    [Fact]
    public void Combine_of_subnormals_is_exact()
    {
        var deltas = new[] { float.Epsilon, 2 * float.Epsilon, -5 * float.Epsilon, 1e-40f }
            .Select(value => Enumerable.Repeat(value, 21).ToArray()).ToArray();
        CheckAgainstReference(new float[21], deltas, [3, 1, 1, 2]);
        Assert.All(Blocks.Mean(new float[21], deltas[..2], [1, 1]), value => Assert.Equal(2 * float.Epsilon, value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(11)]
    public void Combine_of_any_bit_patterns_equals_the_reference(int count)
    {
        var random = new Random(count);
        var deltas = Blocks.AnyFinite(count, Width, seed: 10 + count);
        var weights = Enumerable.Range(0, count).Select(_ => random.NextInt64(1, ExactSum.WeightLimit)).ToArray();
        CheckAgainstReference(Blocks.Realistic(1, Width, seed: 1)[0], deltas, weights);
    }

    [Fact]
    public void Combine_of_realistic_updates_in_ten_orders_gives_identical_bits()
    {
        const int Count = 10;
        var random = new Random(3);
        var baseWeights = Blocks.Realistic(1, Width, seed: 2)[0];
        var deltas = Blocks.Realistic(Count, Width, seed: 3);
        var weights = Enumerable.Range(0, Count).Select(index => 480L + 31 * index).ToArray();
        CheckAgainstReference(baseWeights, deltas, weights);
        var expected = Blocks.Bits(Blocks.Mean(baseWeights, deltas, weights));
        for (var repetition = 0; repetition < 10; repetition++)
        {
            var order = Enumerable.Range(0, Count).ToArray();
            random.Shuffle(order);
            var next = Blocks.Mean(baseWeights, [.. order.Select(index => deltas[index])], [.. order.Select(index => weights[index])]);
            Assert.Equal(expected, Blocks.Bits(next));
        }
    }

    [Fact]
    public void Combine_of_a_thousand_updates_in_any_order_equals_the_reference()
    {
        const int Count = 1000;
        var deltas = Blocks.Realistic(Count, width: 67, seed: 8);
        var weights = Enumerable.Range(0, Count).Select(index => 1L + index * 7919 % 5000).ToArray();
        var baseWeights = new float[67];
        CheckAgainstReference(baseWeights, deltas, weights);
        Assert.Equal(
            Blocks.Bits(Blocks.Mean(baseWeights, deltas, weights)),
            Blocks.Bits(Blocks.Mean(baseWeights, [.. deltas.Reverse()], [.. weights.Reverse()])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(512)]
    public void Combine_in_blocks_of_any_width_gives_identical_bits(int blockWidth)
    {
        var baseWeights = Blocks.Realistic(1, Width, seed: 20)[0];
        var deltas = Blocks.Realistic(6, Width, seed: 21);
        long[] weights = [1, 20, 300, 4000, 50000, 600000];
        var expected = Blocks.Mean(baseWeights, deltas, weights);
        var next = new List<float>();
        foreach (var start in Enumerable.Range(0, Width).Where(start => start % blockWidth == 0))
        {
            var end = Math.Min(start + blockWidth, Width);
            next.AddRange(Blocks.Mean(baseWeights[start..end], Array.ConvertAll(deltas, delta => delta[start..end]), weights));
        }

        Assert.Equal(Blocks.Bits(expected), Blocks.Bits([.. next]));
    }

    [Fact]
    public void Combine_of_a_zero_sum_keeps_the_base_bit_for_bit()
    {
        var baseWeights = Enumerable.Range(0, 35).Select(index => index % 2 == 0 ? -0f : float.Epsilon * index).ToArray();
        var up = Enumerable.Repeat(0.25f, 35).ToArray();
        var down = Enumerable.Repeat(-0.5f, 35).ToArray();
        Assert.Equal(Blocks.Bits(baseWeights), Blocks.Bits(Blocks.Mean(baseWeights, [up, down], [2, 1])));
        Assert.Equal(Blocks.Bits(baseWeights), Blocks.Bits(Blocks.Mean(baseWeights, [new float[35]], [7])));
    }

    [Fact]
    public void Combine_weighs_by_the_number_of_examples()
    {
        float[] zeros = [0];
        Assert.Equal([2.5f], Blocks.Mean(zeros, [[1f], [3f]], [1, 3]));
        Assert.Equal([12.5f], Blocks.Mean([10f], [[1f], [3f]], [1, 3]));
    }

    [Fact]
    public void Block_with_wrong_lengths_or_weights_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Blocks.Mean([0f], [[1f, 2f]], [1]));
        Assert.Throws<ArgumentException>(() => Blocks.Mean([0f], [[1f]], [1, 1]));
        Assert.Throws<ArgumentException>(() => Blocks.Mean([0f], [], []));
        Assert.Throws<ArgumentException>(() => Blocks.Mean([0f], [[1f]], [0]));
        Assert.Throws<ArgumentException>(() => Blocks.Mean([0f], [[1f]], [ExactSum.WeightLimit]));
    }

    private static void CheckAgainstReference(float[] baseWeights, float[][] deltas, long[] weights)
    {
        var sums = Sums(deltas, weights);
        var next = Blocks.Mean(baseWeights, deltas, weights);
        for (var column = 0; column < baseWeights.Length; column++)
        {
            var values = deltas.Select(delta => delta[column]).ToArray();
            var expected = Blocks.ReferenceSum(values, weights);
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(sums[column]));
            Assert.Equal(
                BitConverter.SingleToInt32Bits(Blocks.ReferenceMean(baseWeights[column], values, weights)),
                BitConverter.SingleToInt32Bits(next[column]));
        }
    }

    private static double[] Sums(float[][] deltas, long[] weights)
    {
        var sums = new double[deltas[0].Length];
        ExactSum.Compute(new(new float[sums.Length], Blocks.Rows(deltas), weights), sums);
        return sums;
    }
}
