using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Rounds;

/// <summary>
/// Goes through the staged updates of a shard in column blocks: a block of every update is in memory at a time, never a whole update more
/// than the staging area holds anyway.
/// </summary>
internal static class ShardFold
{
    /// <summary>Values in memory for one block, over all updates: 4 MiB.</summary>
    private const int BlockBudget = 1 << 20;

    /// <summary>The widest block, in parameters.</summary>
    public const int WidestBlock = 1 << 14;

    /// <summary>The partial distances between every two updates.</summary>
    public static PairwiseDistances Measure(ImmutableArray<IStagedVector> updates, int width)
    {
        var distances = new PairwiseDistances(updates.Length);
        using var columns = new Columns(updates, BlockWidth(updates.Length));
        for (var start = 0; start < width; start += columns.Width)
        {
            distances.Add(columns.Read(start, Math.Min(columns.Width, width - start)));
        }

        return distances;
    }

    /// <summary>Combines the updates block by block and appends the next weights to <paramref name="next"/>.</summary>
    /// <param name="strategy">The rule.</param>
    /// <param name="updates">The used updates, in the order of the sorted list of contributors.</param>
    /// <param name="weights">The weight of each used update, above 0.</param>
    /// <param name="baseWeights">Reads a run of the base version's weights: start, then where to.</param>
    /// <param name="width">The number of parameters.</param>
    /// <param name="next">Takes the blocks in order.</param>
    /// <returns>False if a result is not finite.</returns>
    public static async Task<bool> Combine(
        IStrategy strategy,
        ImmutableArray<IStagedVector> updates,
        ImmutableArray<long> weights,
        Func<int, Memory<float>, Task> baseWeights,
        int width,
        ContentWriter next)
    {
        using var columns = new Columns(updates, BlockWidth(updates.Length));
        var origin = new float[columns.Width];
        var result = new float[columns.Width];
        for (var start = 0; start < width; start += columns.Width)
        {
            var count = Math.Min(columns.Width, width - start);
            await baseWeights(start, origin.AsMemory(0, count));
            CombineBlock(strategy, columns.Read(start, count), weights.AsSpan(), origin.AsSpan(0, count), result.AsSpan(0, count));
            if (!StagedUpdate.IsFinite(result.AsSpan(0, count)))
            {
                return false;
            }

            await next.Append(BytesOf(result, count));
        }

        return true;
    }

    private static void CombineBlock(
        IStrategy strategy, ReadOnlySpan<ReadOnlyMemory<float>> deltas, ReadOnlySpan<long> weights, ReadOnlySpan<float> origin, Span<float> result) =>
        strategy.Combine(new ColumnBlock(origin, deltas, weights), result);

    private static byte[] BytesOf(float[] values, int count) => MemoryMarshal.AsBytes(values.AsSpan(0, count)).ToArray();

    /// <summary>A multiple of the unit in which distances are summed, whatever the number of updates.</summary>
    private static int BlockWidth(int updates) => Math.Clamp(
        BlockBudget / Math.Max(1, updates) / PairwiseDistances.TileWidth * PairwiseDistances.TileWidth, PairwiseDistances.TileWidth, WidestBlock);

    private sealed class Columns : IDisposable
    {
        private readonly ImmutableArray<IStagedVector> _updates;
        private readonly float[][] _buffers;
        private readonly ReadOnlyMemory<float>[] _columns;

        public Columns(ImmutableArray<IStagedVector> updates, int width)
        {
            _updates = updates;
            Width = width;
            _columns = new ReadOnlyMemory<float>[updates.Length];
            _buffers = [.. updates.Select(_ => ArrayPool<float>.Shared.Rent(width))];
        }

        public int Width { get; }

        public ReadOnlyMemory<float>[] Read(int start, int count)
        {
            for (var index = 0; index < _updates.Length; index++)
            {
                _columns[index] = _updates[index].Read(start, count, _buffers[index]);
            }

            return _columns;
        }

        public void Dispose()
        {
            foreach (var buffer in _buffers)
            {
                ArrayPool<float>.Shared.Return(buffer);
            }
        }
    }
}
