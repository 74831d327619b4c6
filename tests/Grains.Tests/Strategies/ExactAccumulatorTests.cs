using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Tests.Strategies;

public class ExactAccumulatorTests
{
    private const long LargestWeight = ExactSum.WeightLimit - 1;

    public static TheoryData<float[]> Extremes => new(
        [float.MaxValue, float.Epsilon, -float.MaxValue],
        [float.Epsilon, float.Epsilon],
        [-float.Epsilon],
        [0f, -0f],
        [1f, -1f],
        [float.MaxValue, float.MaxValue, float.MaxValue, -float.Epsilon],
        [-float.MaxValue, -float.MaxValue, float.Epsilon],
        [1e30f, 1f, -1e30f]);

    [Theory]
    [MemberData(nameof(Extremes))]
    public void Round_of_extreme_terms_is_the_exact_sum(float[] values)
    {
        foreach (var weight in new[] { 1, 3, LargestWeight })
        {
            Check(values, Array.ConvertAll(values, _ => weight));
        }
    }

    [Fact]
    public void Round_of_any_bit_patterns_is_the_exact_sum()
    {
        var random = new Random(5);
        foreach (var values in Blocks.AnyFinite(count: 2000, width: 7, seed: 4))
        {
            Check(values, Array.ConvertAll(values, _ => random.NextInt64(1, ExactSum.WeightLimit)));
        }
    }

    [Fact]
    public void Round_of_a_tie_goes_to_even()
    {
        // 2⁵³ + 1 and 2⁵³ + 3 lie half-way between two doubles.
        var unit = MathF.ScaleB(1, 53);
        Assert.Equal(9007199254740992.0, Sum([unit, 1], [1, 1]));
        Assert.Equal(9007199254740996.0, Sum([unit, 3], [1, 1]));
        Assert.Equal(9007199254740994.0, Sum([unit, 1, float.Epsilon], [1, 1, 1]));
        Assert.Equal(-9007199254740992.0, Sum([-unit, -1], [1, 1]));
    }

    [Fact]
    public void Round_of_the_largest_possible_sum_does_not_overflow()
    {
        var accumulator = default(ExactAccumulator);
        for (var index = 0; index < ExactSum.CountLimit; index++)
        {
            accumulator.Add(-float.MaxValue, LargestWeight);
        }

        Assert.Equal(-(double)float.MaxValue * LargestWeight * ExactSum.CountLimit, accumulator.Round());
    }

    private static void Check(float[] values, long[] weights) =>
        Assert.Equal(
            BitConverter.DoubleToInt64Bits(Blocks.ReferenceSum(values, weights)),
            BitConverter.DoubleToInt64Bits(Sum(values, weights)));

    private static double Sum(float[] values, long[] weights)
    {
        var accumulator = default(ExactAccumulator);
        foreach (var (value, weight) in values.Zip(weights))
        {
            accumulator.Add(value, weight);
        }

        return accumulator.Round();
    }
}
