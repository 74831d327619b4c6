using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Rounds;

/// <summary>Reads a shard of the base version and writes the shard of the next one, both as streams.</summary>
internal static class ShardStore
{
    /// <summary>Folds and stores; null if the result is not finite, in which case nothing is stored.</summary>
    public static async Task<ContentHash?> WriteNext(
        ContentStore content,
        IStrategy strategy,
        ImmutableArray<IStagedVector> updates,
        ImmutableArray<long> weights,
        ContentHash? baseShard,
        int width)
    {
        var bytes = new byte[sizeof(float) * ShardFold.WidestBlock];
        await using var writer = await content.OpenWrite();
        var isFinite = await ShardFold.Combine(strategy, updates, weights, ReadBase, width, writer);
        return isFinite ? await writer.Complete() : null;

        async Task ReadBase(int start, Memory<float> target)
        {
            if (baseShard is not { } hash)
            {
                target.Span.Clear();
                return;
            }

            var part = bytes.AsMemory(0, target.Length * sizeof(float));
            if (await content.ReadRange(hash, (long)start * sizeof(float), part) < part.Length)
            {
                throw new InvalidDataException($"Shard {hash} of the base version is shorter than its manifest says.");
            }

            MemoryMarshal.Cast<byte, float>(part.Span).CopyTo(target.Span);
        }
    }
}
