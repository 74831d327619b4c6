using System.Collections.Immutable;
using System.Runtime.Intrinsics;

namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// The comparators that bring the middle of N values to the middle: Batcher's odd-even merge sort (Knuth, volume 3, algorithm 5.2.2 M)
/// without those on which the middle does not depend. Sixteen columns go through it at once, without a branch.
/// </summary>
internal sealed class MedianNetwork
{
    private readonly ImmutableArray<(int Lower, int Upper)> comparators;

    /// <param name="count">The number of values, 1 or more.</param>
    public MedianNetwork(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        comparators = Prune(Sort(count), count);
    }

    /// <summary>The number of values.</summary>
    public int Count { get; }

    /// <summary>
    /// Reorders each column so that the values at (<see cref="Count"/> − 1) ÷ 2 and <see cref="Count"/> ÷ 2 are those of the sorted column.
    /// </summary>
    /// <param name="rows">One row for each value. Zeros of either sign count as equal and may change places with each other's copies.</param>
    public void Apply(Span<Vector512<float>> rows)
    {
        foreach (var (lower, upper) in comparators)
        {
            var first = rows[lower];
            var second = rows[upper];
            rows[lower] = Vector512.MinNative(first, second);
            rows[upper] = Vector512.MaxNative(first, second);
        }
    }

    private static List<(int Lower, int Upper)> Sort(int count)
    {
        var result = new List<(int, int)>();
        for (var half = 1; half < count; half *= 2)
        {
            for (var distance = half; distance >= 1; distance /= 2)
            {
                for (var lower = distance % half; lower + distance < count; lower++)
                {
                    var offset = (lower - distance % half) % (2 * distance);
                    if (offset < distance && lower / (2 * half) == (lower + distance) / (2 * half))
                    {
                        result.Add((lower, lower + distance));
                    }
                }
            }
        }

        return result;
    }

    private static ImmutableArray<(int Lower, int Upper)> Prune(List<(int Lower, int Upper)> network, int count)
    {
        var needed = new bool[count];
        needed[(count - 1) / 2] = true;
        needed[count / 2] = true;
        var kept = new List<(int, int)>();
        for (var index = network.Count - 1; index >= 0; index--)
        {
            var (lower, upper) = network[index];
            if (needed[lower] || needed[upper])
            {
                needed[lower] = true;
                needed[upper] = true;
                kept.Add(network[index]);
            }
        }

        kept.Reverse();
        return [.. kept];
    }
}
