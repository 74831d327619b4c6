using System.Numerics;

namespace OrleansEdge.EdgeAgent.Data;

/// <summary>
/// A small generator whose sequence depends on nothing but its seed: xoshiro256** (Blackman and Vigna, 2021) seeded by SplitMix64.
/// <see cref="System.Random"/> promises no such thing across versions.
/// </summary>
internal sealed class SeededRandom
{
    private ulong state0;
    private ulong state1;
    private ulong state2;
    private ulong state3;

    /// <param name="seed">The same seed gives the same sequence.</param>
    /// <param name="stream">Tells independent sequences of one seed apart.</param>
    public SeededRandom(ulong seed, ulong stream = 0)
    {
        var mixed = seed;
        var counter = SplitMix(ref mixed) ^ stream;
        state0 = SplitMix(ref counter);
        state1 = SplitMix(ref counter);
        state2 = SplitMix(ref counter);
        state3 = SplitMix(ref counter);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(state1 * 5, 7) * 9;
        var shifted = state1 << 17;
        state2 ^= state0;
        state3 ^= state1;
        state1 ^= state2;
        state0 ^= state3;
        state2 ^= shifted;
        state3 = BitOperations.RotateLeft(state3, 45);
        return result;
    }

    /// <summary>A number from 0 to below 1, a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from <paramref name="low"/> to below <paramref name="high"/>.</summary>
    public double NextBetween(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>An integer from 0 to below <paramref name="limit"/>, each equally likely (Lemire, 2019).</summary>
    public int NextInt(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var bound = (uint)limit;
        var product = (NextBits() >> 32) * bound;
        if ((uint)product < bound)
        {
            var threshold = (0u - bound) % bound;
            while ((uint)product < threshold)
            {
                product = (NextBits() >> 32) * bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Puts the items in a random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>A draw from the standard normal distribution (Marsaglia's polar method).</summary>
    public double NextNormal()
    {
        while (true)
        {
            var x = NextBetween(-1, 1);
            var y = NextBetween(-1, 1);
            var square = (x * x) + (y * y);
            if (square is > 0 and < 1)
            {
                return x * Math.Sqrt(-2 * PortableMath.Log(square) / square);
            }
        }
    }

    /// <summary>
    /// The logarithm of a draw from the gamma distribution with scale 1 (Marsaglia and Tsang, 2000). The logarithm, because draws with a
    /// small shape are too small for a double.
    /// </summary>
    public double NextLogGamma(double shape)
    {
        // Gamma(shape) = Gamma(shape + 1) · U^(1 ÷ shape).
        var boost = shape < 1 ? PortableMath.Log(1 - NextDouble()) / shape : 0;
        var d = (shape < 1 ? shape + 1 : shape) - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = NextNormal();
            var root = 1 + (c * normal);
            if (root <= 0)
            {
                continue;
            }

            var cube = root * root * root;
            var logCube = PortableMath.Log(cube);
            if (PortableMath.Log(1 - NextDouble()) < (0.5 * normal * normal) + (d * (1 - cube + logCube)))
            {
                return PortableMath.Log(d) + logCube + boost;
            }
        }
    }

    /// <summary>Fills <paramref name="shares"/> with a draw from the symmetric Dirichlet distribution; they add up to 1.</summary>
    public void NextDirichlet(double concentration, Span<double> shares)
    {
        var largest = double.NegativeInfinity;
        for (var index = 0; index < shares.Length; index++)
        {
            shares[index] = NextLogGamma(concentration);
            largest = Math.Max(largest, shares[index]);
        }

        var sum = 0.0;
        for (var index = 0; index < shares.Length; index++)
        {
            shares[index] = PortableMath.Exp(shares[index] - largest);
            sum += shares[index];
        }

        for (var index = 0; index < shares.Length; index++)
        {
            shares[index] /= sum;
        }
    }

    private static ulong SplitMix(ref ulong counter)
    {
        var mixed = counter += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
