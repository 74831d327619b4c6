namespace OrleansEdge.Grains.Selection;

/// <summary>
/// The SplitMix64 generator (Steele, Lea and Flood, 2014). Own code, because the sequence is part of what a seed promises and must not
/// change with the runtime.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var value = state;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>, each equally likely.</summary>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);

        // The first 2⁶⁴ mod bound values would make the small remainders likelier.
        var rejected = (0 - (ulong)bound) % (ulong)bound;
        ulong value;
        do
        {
            value = Next();
        }
        while (value < rejected);

        return (int)(value % (ulong)bound);
    }
}
