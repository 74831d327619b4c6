using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// The squared Euclidean distances between every two of K updates, as a triangular array of doubles. A shard adds its blocks from its first
/// parameter on; the round adds the shards' partial sums in the order of the shards. The order of summation is fixed, with eight partial
/// sums on every processor, so the figures depend on the updates only, provided that every block but a shard's last is a multiple of
/// <see cref="TileWidth"/> wide.
/// </summary>
internal sealed class PairwiseDistances
{
    /// <summary>The unit of summation, in parameters.</summary>
    public const int TileWidth = 256;

    private const int Lanes = 8;

    private readonly double[] sums;

    /// <param name="count">The number of updates.</param>
    public PairwiseDistances(int count)
        : this(count, new double[PairCount(count)])
    {
    }

    private PairwiseDistances(int count, double[] sums)
    {
        Count = count;
        this.sums = sums;
    }

    /// <summary>The number of updates, K.</summary>
    public int Count { get; }

    /// <summary>The K(K−1)÷2 partial sums, in the order (1,0), (2,0), (2,1), (3,0), …: what travels from a shard to its round.</summary>
    public ReadOnlySpan<double> Sums => sums;

    /// <summary>The squared distance between two updates; 0 from an update to itself.</summary>
    public double this[int left, int right] => left == right ? 0 : sums[PairIndex(Math.Max(left, right), Math.Min(left, right))];

    /// <summary>Takes partial sums that came from a shard.</summary>
    /// <exception cref="ArgumentException">The length is not K(K−1)÷2.</exception>
    public static PairwiseDistances FromSums(int count, ReadOnlySpan<double> sums) => sums.Length == PairCount(count)
        ? new(count, sums.ToArray())
        : throw new ArgumentException($"{count} updates have {PairCount(count)} distances, not {sums.Length}.", nameof(sums));

    /// <summary>Adds the partial sums of the next shard.</summary>
    public void Add(PairwiseDistances shard)
    {
        if (shard.Count != Count)
        {
            throw new ArgumentException($"Distances of {shard.Count} updates cannot be added to those of {Count}.", nameof(shard));
        }

        TensorPrimitives.Add<double>(sums, shard.sums, sums);
    }

    /// <summary>Adds the next block of a shard: the same consecutive parameters of all K updates.</summary>
    public void Add(ReadOnlySpan<ReadOnlyMemory<float>> deltas)
    {
        if (deltas.Length != Count)
        {
            throw new ArgumentException($"A block of {deltas.Length} updates cannot be added to the distances of {Count}.", nameof(deltas));
        }

        // The rows are widened once for each tile; the zeros behind a short row add nothing to any distance.
        var rented = ArrayPool<double>.Shared.Rent(Count * TileWidth);
        var tile = rented.AsSpan(0, Count * TileWidth);
        var width = Count == 0 ? 0 : deltas[0].Length;
        for (var start = 0; start < width; start += TileWidth)
        {
            var length = Math.Min(TileWidth, width - start);
            for (var index = 0; index < Count; index++)
            {
                var row = tile.Slice(index * TileWidth, TileWidth);
                TensorPrimitives.ConvertTruncating<float, double>(deltas[index].Span.Slice(start, length), row);
                row[length..].Clear();
            }

            AddTile(MemoryMarshal.Cast<double, Vector512<double>>(tile));
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    private void AddTile(ReadOnlySpan<Vector512<double>> tile)
    {
        const int Row = TileWidth / Lanes;
        var pair = 0;
        for (var left = 1; left < Count; left++)
        {
            var leftRow = tile.Slice(left * Row, Row);
            for (var right = 0; right < left; right++)
            {
                sums[pair++] += SquaredDistance(leftRow, tile.Slice(right * Row, Row));
            }
        }
    }

    private static double SquaredDistance(ReadOnlySpan<Vector512<double>> left, ReadOnlySpan<Vector512<double>> right)
    {
        var even = Vector512<double>.Zero;
        var odd = Vector512<double>.Zero;
        for (var index = 0; index < left.Length; index += 2)
        {
            // Multiplied and added apart: a fused operation would give other bits on processors that have it.
            var first = left[index] - right[index];
            var second = left[index + 1] - right[index + 1];
            even += first * first;
            odd += second * second;
        }

        var lanes = even + odd;
        return lanes[0] + lanes[1] + (lanes[2] + lanes[3]) + (lanes[4] + lanes[5] + (lanes[6] + lanes[7]));
    }

    private static int PairCount(int count) => count * (count - 1) / 2;

    private static int PairIndex(int larger, int smaller) => larger * (larger - 1) / 2 + smaller;
}
