using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// Exact weighted sums Σ n·x of fp32 updates with integer weights, each rounded once to the nearest double. A sum is therefore a function
/// of the set of its terms: no order, block width or processor changes a bit of it, subnormals included.
/// </summary>
/// <remarks>
/// The fast path keeps an unevaluated pair of doubles for each parameter (Knuth's TwoSum; a product of a 24-bit and a 28-bit number is
/// exact in a double) and notes whether the lower half ever lost a bit. Where it did not, the pair is the exact sum; where it did, the
/// parameter is summed again in an <see cref="ExactAccumulator"/>. Both end in the same rounding of the same number.
/// </remarks>
internal static class ExactSum
{
    /// <summary>Weights are below 2²⁸.</summary>
    public const long WeightLimit = 1L << 28;

    /// <summary>A sum has at most 2²⁰ terms, so that the sum of the weights is exact in a double too.</summary>
    public const int CountLimit = 1 << 20;

    // Three accumulators of 8 bytes for each column of a tile stay in the first-level cache, and an update is read in runs of 4 KiB.
    private const int TileWidth = 1024;

    /// <summary>Writes the sums of all columns of a block.</summary>
    /// <param name="block">The updates and their weights.</param>
    /// <param name="sums">As long as the block is wide. Zero is always positive.</param>
    public static void Compute(ColumnBlock block, Span<double> sums)
    {
        Span<double> low = stackalloc double[TileWidth];
        Span<double> lost = stackalloc double[TileWidth];
        var vectorised = block.Width - block.Width % Vector<float>.Count;
        for (var start = 0; start < vectorised; start += TileWidth)
        {
            var width = Math.Min(TileWidth, vectorised - start);
            var high = sums.Slice(start, width);
            high.Clear();
            low.Clear();
            lost.Clear();
            Accumulate(block, start, new Accumulators(high, low[..width], lost[..width]));
            Finish(block, start, high, low, lost);
        }

        for (var column = vectorised; column < block.Width; column++)
        {
            sums[column] = Exact(block, column);
        }
    }

    private static void Accumulate(ColumnBlock block, int start, Accumulators accumulators)
    {
        var width = accumulators.High.Length;
        var index = 0;
        for (; index + 4 <= block.Count; index += 4)
        {
            AddFour(
                block.Delta(index).Slice(start, width),
                block.Delta(index + 1).Slice(start, width),
                block.Delta(index + 2).Slice(start, width),
                block.Delta(index + 3).Slice(start, width),
                block.Weights.Slice(index, 4),
                accumulators);
        }

        for (; index < block.Count; index++)
        {
            AddOne(block.Delta(index).Slice(start, width), block.Weights[index], accumulators);
        }
    }

    private static void AddOne(ReadOnlySpan<float> delta, long weight, Accumulators accumulators)
    {
        var values = MemoryMarshal.Cast<float, Vector<float>>(delta);
        var factor = new Vector<double>(weight);
        for (var index = 0; index < values.Length; index++)
        {
            var cell = accumulators.Load(index);
            cell.Add(values[index], factor);
            accumulators.Store(index, cell);
        }
    }

    private static void AddFour(
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        ReadOnlySpan<float> third,
        ReadOnlySpan<float> fourth,
        ReadOnlySpan<long> weights,
        Accumulators accumulators)
    {
        var values0 = MemoryMarshal.Cast<float, Vector<float>>(first);
        var values1 = MemoryMarshal.Cast<float, Vector<float>>(second);
        var values2 = MemoryMarshal.Cast<float, Vector<float>>(third);
        var values3 = MemoryMarshal.Cast<float, Vector<float>>(fourth);
        var factor0 = new Vector<double>(weights[0]);
        var factor1 = new Vector<double>(weights[1]);
        var factor2 = new Vector<double>(weights[2]);
        var factor3 = new Vector<double>(weights[3]);
        for (var index = 0; index < values0.Length; index++)
        {
            var cell = accumulators.Load(index);
            cell.Add(values0[index], factor0);
            cell.Add(values1[index], factor1);
            cell.Add(values2[index], factor2);
            cell.Add(values3[index], factor3);
            accumulators.Store(index, cell);
        }
    }

    private static void Finish(ColumnBlock block, int start, Span<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> lost)
    {
        for (var column = 0; column < high.Length; column++)
        {
            high[column] = lost[column] == 0 ? high[column] + low[column] : Exact(block, start + column);
        }
    }

    private static double Exact(ColumnBlock block, int column)
    {
        var accumulator = default(ExactAccumulator);
        for (var index = 0; index < block.Count; index++)
        {
            accumulator.Add(block.Delta(index)[column], block.Weights[index]);
        }

        return accumulator.Round();
    }

    /// <summary>The pairs of a tile's columns, and whatever their lower halves lost: 0 as long as the pairs are exact.</summary>
    private readonly ref struct Accumulators(Span<double> high, Span<double> low, Span<double> lost)
    {
        private readonly Span<Vector<double>> highs = MemoryMarshal.Cast<double, Vector<double>>(high);
        private readonly Span<Vector<double>> lows = MemoryMarshal.Cast<double, Vector<double>>(low);
        private readonly Span<Vector<double>> losses = MemoryMarshal.Cast<double, Vector<double>>(lost);

        public Span<double> High { get; } = high;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Cell Load(int index) => new()
        {
            Left = new() { High = highs[2 * index], Low = lows[2 * index], Lost = losses[2 * index] },
            Right = new() { High = highs[2 * index + 1], Low = lows[2 * index + 1], Lost = losses[2 * index + 1] },
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(int index, in Cell cell)
        {
            highs[2 * index] = cell.Left.High;
            lows[2 * index] = cell.Left.Low;
            losses[2 * index] = cell.Left.Lost;
            highs[2 * index + 1] = cell.Right.High;
            lows[2 * index + 1] = cell.Right.Low;
            losses[2 * index + 1] = cell.Right.Lost;
        }
    }

    /// <summary>The accumulators of as many columns as a vector of floats holds.</summary>
    private struct Cell
    {
        public Pair Left;
        public Pair Right;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector<float> values, Vector<double> factor)
        {
            Vector.Widen(values, out var lower, out var upper);
            Left.Add(lower, factor);
            Right.Add(upper, factor);
        }
    }

    private struct Pair
    {
        public Vector<double> High;
        public Vector<double> Low;
        public Vector<double> Lost;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector<double> values, Vector<double> factor)
        {
            // The product is exact, so it makes no difference whether the processor fuses these operations.
            var sum = Vector.MultiplyAddEstimate(values, factor, High);
            var share = sum - High;
            var error = High - (sum - share) + Vector.MultiplyAddEstimate(values, factor, -share);
            High = sum;

            // An addition is exact if and only if both of its terms come back.
            var low = Low + error;
            Lost |= (low - Low) ^ error | (low - error) ^ Low;
            Low = low;
        }
    }
}
