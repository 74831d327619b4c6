using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Contracts.Rounds;

/// <summary>One round, as its participants see it; the key is a <see cref="RoundKey"/>.</summary>
[Alias("oe.IRoundGrain")]
public interface IRoundGrain : IGrainWithStringKey
{
    /// <summary>Says that all shards hold the update. Idempotent; a second commit of the same participant replaces the first.</summary>
    [Alias("Commit"), CallableBy(Callers.Participant, ActingFor = ActingFor.FirstArgument)]
    Task<CommitReply> Commit(UpdateCommit commit);

    /// <summary>Says that the participant cannot contribute now, and why (one sentence). It may be asked once more.</summary>
    [Alias("Decline"), CallableBy(Callers.Participant, ActingFor = ActingFor.FirstArgument)]
    Task Decline(ParticipantId participant, string reason);

    /// <summary>
    /// Says that the participant will not contribute to this round however often it is asked, and why (one sentence): it has done so elsewhere.
    /// The round goes on as if it had not been selected. Idempotent; what was committed stays.
    /// </summary>
    [Alias("Withdraw"), CallableBy(Callers.Participant, ActingFor = ActingFor.FirstArgument)]
    Task Withdraw(ParticipantId participant, string reason);
}

/// <summary>One shard of a round, as its participants see it; the key is a <see cref="ShardKey"/>.</summary>
[Alias("oe.IShardGrain")]
public interface IShardGrain : IGrainWithStringKey
{
    /// <summary>Asks how an upload stands, and for a permit to go on. Never changes what has arrived.</summary>
    [Alias("Begin"), CallableBy(Callers.Participant, ActingFor = ActingFor.FirstArgument)]
    ValueTask<UploadReply> Begin(UploadHeader header);

    /// <summary>Stages one chunk. Chunks may come in any order and more than once.</summary>
    /// <param name="header">Which upload.</param>
    /// <param name="offset">Where the chunk lies, in bytes: a multiple of <see cref="Chunk.PreferredLength"/>.</param>
    /// <param name="chunk"><see cref="Chunk.PreferredLength"/> bytes; less only at the end.</param>
    [Alias("Append"), CallableBy(Callers.Participant, ActingFor = ActingFor.FirstArgument)]
    ValueTask<UploadReply> Append(UploadHeader header, int offset, Chunk chunk);
}
