using Orleans.Concurrency;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Grains.Content;

/// <summary>
/// Serves content from the silo's cache. A stateless worker: each silo reads from its own memory, without a hop. It passes soon: each round has
/// content of its own, for which nobody asks when the round is over.
/// </summary>
[StatelessWorker(1), Reentrant, CollectionAgeLimit(Minutes = 2)]
internal sealed class ContentGrain(IGrainContext context, ContentStore content, ContentCache cache) : IContentGrain
{
    private readonly ContentHash _hash = ContentHash.Parse(context.GrainId.Key.ToString());

    public async ValueTask<long?> GetLength(CancellationToken cancellation) => await content.GetLength(_hash, cancellation);

    public async ValueTask<Chunk> Read(long offset, int length, CancellationToken cancellation)
    {
        if (offset < 0 || length is <= 0 or > Chunk.MaximumLength)
        {
            throw new ArgumentOutOfRangeException(nameof(length), $"A read has an offset from 0 and 1 to {Chunk.MaximumLength} bytes.");
        }

        try
        {
            return new Chunk(await cache.Read(_hash, offset, length, cancellation));
        }
        catch (BlobStoreException exception) when (!exception.IsPassing)
        {
            throw new ContentMissingException(exception.Message);
        }
    }
}
