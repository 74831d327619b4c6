using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// The next weights as base + S ÷ n, where S is the exact weighted sum of the updates and n the sum of the weights: the division comes last,
/// so the result is a function of S, n and the base only. A parameter whose sum is zero keeps its base value, the sign of a zero included.
/// </summary>
internal static class ExactWeightedMean
{
    private const int Step = 16;

    /// <summary>Writes base + S ÷ n for each parameter of a block.</summary>
    public static void Combine(ColumnBlock block, Span<float> next)
    {
        var total = 0L;
        foreach (var weight in block.Weights)
        {
            total += weight;
        }

        var rented = ArrayPool<double>.Shared.Rent(block.Width);
        var sums = rented.AsSpan(0, block.Width);
        ExactSum.Compute(block, sums);
        AddQuotients(block.Base, sums, total, next);
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Writes base + sum ÷ divisor for each parameter.</summary>
    public static void AddQuotients(ReadOnlySpan<float> baseWeights, ReadOnlySpan<double> sums, long divisor, Span<float> next)
    {
        next = next[..baseWeights.Length];
        var bases = MemoryMarshal.Cast<float, Vector512<float>>(baseWeights);
        var totals = MemoryMarshal.Cast<double, Vector512<double>>(sums);
        var results = MemoryMarshal.Cast<float, Vector512<float>>(next);
        var count = Vector512.Create((double)divisor);
        for (var index = 0; index < bases.Length; index++)
        {
            var (lower, upper) = Vector512.Widen(bases[index]);
            results[index] = Vector512.Narrow(
                AddQuotient(lower, totals[2 * index], count),
                AddQuotient(upper, totals[2 * index + 1], count));
        }

        for (var column = bases.Length * Step; column < baseWeights.Length; column++)
        {
            next[column] = sums[column] == 0 ? baseWeights[column] : (float)(baseWeights[column] + sums[column] / divisor);
        }
    }

    private static Vector512<double> AddQuotient(Vector512<double> start, Vector512<double> sum, Vector512<double> count) =>
        Vector512.ConditionalSelect(Vector512.Equals(sum, Vector512<double>.Zero), start, start + sum / count);
}
