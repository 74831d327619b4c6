using Orleans.Concurrency;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Sites;

/// <summary>
/// Hands on what comes in at this silo's gateway. A stateless worker, so that it is always in that silo; what it calls is most often there, too,
/// and then nothing is copied.
/// </summary>
[StatelessWorker(1), Reentrant, CollectionAgeLimit(Minutes = 2)]
internal sealed class EntryGrain(ILocalSiloDetails silo, IGrainFactory grains) : IEntryGrain
{
    public ValueTask<int> GetSilo() => new(SiloNumber.Of(silo));

    public ValueTask<UploadReply> Append(UploadHeader header, ShardKey shard, int offset, Chunk chunk) =>
        grains.GetGrain<IShardControl>(shard.ToString()).Append(header, offset, chunk);

    public ValueTask<Chunk> Read(ContentHash content, long offset, int length, CancellationToken cancellation) =>
        grains.GetGrain<IContentGrain>(content.Hex).Read(offset, length, cancellation);
}
