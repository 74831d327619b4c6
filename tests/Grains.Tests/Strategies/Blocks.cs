using System.Globalization;
using System.Numerics;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Tests.Strategies;

/// <summary>Inputs of the strategies' tests, and what must come out according to arithmetic on whole numbers of any size.</summary>
internal static class Blocks
{
    private const int UnitExponent = -149;

    public static float[] Mean(float[] baseWeights, float[][] deltas, long[] weights) =>
        Combine(new FedAvg(), baseWeights, deltas, weights);

    public static float[] Combine(IStrategy strategy, float[] baseWeights, float[][] deltas, long[] weights)
    {
        var next = new float[baseWeights.Length];
        strategy.Combine(new(baseWeights, Rows(deltas), weights), next);
        return next;
    }

    public static ReadOnlyMemory<float>[] Rows(float[][] deltas) => Array.ConvertAll(deltas, delta => new ReadOnlyMemory<float>(delta));

    public static PairwiseDistances Distances(float[][] deltas)
    {
        var distances = new PairwiseDistances(deltas.Length);
        distances.Add(Rows(deltas));
        return distances;
    }

    /// <summary>The exact sum of value × weight, rounded once; the decimal parser rounds correctly at any length.</summary>
    public static double ReferenceSum(IEnumerable<float> values, IEnumerable<long> weights)
    {
        var sum = values.Zip(weights).Aggregate(BigInteger.Zero, (total, pair) => total + Units(pair.First) * pair.Second);
        var rounded = double.Parse(sum.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return sum.IsZero ? 0 : Math.ScaleB(rounded, UnitExponent);
    }

    public static float ReferenceMean(float baseWeight, IEnumerable<float> values, long[] weights)
    {
        var sum = ReferenceSum(values, weights);
        return sum == 0 ? baseWeight : (float)(baseWeight + sum / weights.Sum());
    }

    public static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);

    /// <summary>Updates as training makes them: many small values, a few large ones, some zeros.</summary>
    public static float[][] Realistic(int count, int width, int seed)
    {
        var random = new Random(seed);
        return Table(count, width, () => random.Next(20) == 0 ? 0 : (float)(0.01 * Normal(random) * Math.Pow(10, -6 * random.NextDouble())));
    }

    /// <summary>Any finite bit patterns: every exponent equally likely, subnormals included.</summary>
    public static float[][] AnyFinite(int count, int width, int seed)
    {
        var random = new Random(seed);
        return Table(count, width, () =>
        {
            float value;
            do
            {
                value = BitConverter.Int32BitsToSingle((int)random.NextInt64(int.MinValue, int.MaxValue));
            }
            while (!float.IsFinite(value));
            return value;
        });
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static IEnumerable<T[]> Permutations<T>(T[] items) => items.Length <= 1
        ? [items]
        : Enumerable.Range(0, items.Length).SelectMany(index =>
            Permutations(items.Where((_, other) => other != index).ToArray()).Select(rest => rest.Prepend(items[index]).ToArray()));

    /// <summary>A finite value in units of the smallest subnormal.</summary>
    private static BigInteger Units(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        var exponent = bits >> 23 & 0xFF;
        var fraction = bits & 0x7FFFFF;
        var magnitude = exponent == 0 ? fraction : (BigInteger)(fraction | 0x800000) << (exponent - 1);
        return value < 0 ? -magnitude : magnitude;
    }

    private static float[][] Table(int count, int width, Func<float> next) =>
        [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, width).Select(_ => next()).ToArray())];
}
