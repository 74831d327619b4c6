using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Contracts.Sites;

/// <summary>
/// An entry to a site: it runs in the silo whose gateway takes the call, whatever the key. A participant's Orleans client gives each key a
/// gateway and keeps to it, so that who knows which key leads to which silo can send what is large straight to the silo that is to have it,
/// instead of through another one. To know it wrong costs a hop and nothing else.
/// </summary>
[Alias("oe.IEntryGrain")]
public interface IEntryGrain : IGrainWithIntegerKey
{
    /// <summary>The number of the silo to which this entry leads now, as <see cref="UploadReply.Silo"/> says it.</summary>
    [Alias("GetSilo"), CallableBy(Callers.Participant)]
    ValueTask<int> GetSilo();

    /// <summary>Stages one chunk, as <see cref="IShardGrain.Append"/> does.</summary>
    /// <param name="header">Which upload.</param>
    /// <param name="shard">The shard that it belongs to.</param>
    /// <param name="offset">Where the chunk lies, in bytes.</param>
    /// <param name="chunk">The bytes.</param>
    [Alias("Append"), CallableBy(Callers.Participant, ActingFor = ActingFor.FirstArgument)]
    ValueTask<UploadReply> Append(UploadHeader header, ShardKey shard, int offset, Chunk chunk);

    /// <summary>Reads a part of some content, as <see cref="IContentGrain.Read"/> does.</summary>
    /// <param name="content">Which content.</param>
    /// <param name="offset">Where to begin, in bytes.</param>
    /// <param name="length">At most <see cref="Chunk.MaximumLength"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ContentMissingException">The site does not hold the content, or what it holds is damaged.</exception>
    [Alias("Read"), CallableBy(Callers.Participant)]
    ValueTask<Chunk> Read(ContentHash content, long offset, int length, CancellationToken cancellation);
}
