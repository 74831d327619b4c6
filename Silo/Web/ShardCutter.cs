using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Silo.Web;

/// <summary>Cuts a flat vector that arrives in blocks into shards, each stored as soon as it is whole. For one caller at a time.</summary>
internal sealed class ShardCutter(ShardPlan plan, ContentStore content) : IAsyncDisposable
{
    private readonly ImmutableArray<ContentHash>.Builder _shards = ImmutableArray.CreateBuilder<ContentHash>(plan.Count);
    private ContentWriter? _current;

    /// <summary>The shards that are whole.</summary>
    public ImmutableArray<ContentHash> Shards => _shards.ToImmutable();

    /// <summary>Takes the next block, of any length.</summary>
    public async ValueTask Append(ReadOnlyMemory<byte> block, CancellationToken cancellation)
    {
        while (!block.IsEmpty)
        {
            _current ??= await content.OpenWrite(cancellation);
            var left = plan[_shards.Count].ByteLength - _current.Length;
            var part = block[..(int)Math.Min(left, block.Length)];
            await _current.Append(part, cancellation);
            block = block[part.Length..];
            if (part.Length == left)
            {
                _shards.Add(await _current.Complete(cancellation));
                await _current.DisposeAsync();
                _current = null;
            }
        }
    }

    /// <summary>Gives up a shard that is not whole.</summary>
    public ValueTask DisposeAsync() => _current?.DisposeAsync() ?? ValueTask.CompletedTask;
}
