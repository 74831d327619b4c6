namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>The SplitMix64 generator (Steele, Lea and Flood, 2014): the same numbers on every processor and in every version of .NET.</summary>
internal struct SplitMix64(ulong seed)
{
    private const ulong Golden = 0x9e3779b97f4a7c15;

    private ulong state = seed;

    /// <summary>A generator for one of many uses of the same seed.</summary>
    public static SplitMix64 For(ulong seed, ulong use) => new(Mix(seed) ^ Mix(use + Golden));

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(state += Golden);

    /// <summary>A number from 0 to below 1, a multiple of 2⁻²⁴.</summary>
    public float NextFloat() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Next(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
