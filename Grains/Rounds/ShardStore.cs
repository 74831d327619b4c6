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
    /// <exception cref="DamagedContentException">The base version is not what its hash says: nothing is made of it.</exception>
    public static async Task<ContentHash?> WriteNext(
        ContentStore content,
        IStrategy strategy,
        ImmutableArray<IStagedVector> updates,
        ImmutableArray<long> weights,
        ContentHash? baseShard,
        int width)
    {
        var bytes = new byte[sizeof(float) * ShardFold.WidestBlock];
        await using var origin = baseShard is { } hash ? await content.OpenRead(hash) : null;
        await using var writer = await content.OpenWrite();
        var isFinite = await ShardFold.Combine(strategy, updates, weights, ReadBase, width, writer);
        await ReadToEnd(origin, bytes);
        return isFinite ? await writer.Complete() : null;

        async Task ReadBase(int start, Memory<float> target)
        {
            if (origin is null)
            {
                target.Span.Clear();
                return;
            }

            var part = bytes.AsMemory(0, target.Length * sizeof(float));
            await origin.ReadExactlyAsync(part);
            MemoryMarshal.Cast<byte, float>(part.Span).CopyTo(target.Span);
        }
    }

    /// <summary>The stream compares the hash at its end; a result that is not finite may be the fault of a damaged base, too.</summary>
    private static async Task ReadToEnd(Stream? origin, byte[] buffer)
    {
        while (origin is not null && await origin.ReadAsync(buffer) > 0)
        {
        }
    }
}
