using System.Collections.Immutable;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Participation.Updates;

/// <summary>An update on its way to a round.</summary>
internal interface IOutgoingUpdate
{
    /// <summary>What is known of it besides its values.</summary>
    UpdateHeader Header { get; }

    /// <summary>The cut of the vector.</summary>
    ShardPlan Plan { get; }

    /// <summary>The digest of each shard.</summary>
    ImmutableArray<UpdateDigest> Digests { get; }

    /// <summary>The integer buffers.</summary>
    ReadOnlyMemory<byte> Integers { get; }

    /// <summary>One shard's values, the same whenever they are asked for.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadShard(int index, CancellationToken cancellation);

    /// <summary>Counts what is sent, for as long as the update is kept.</summary>
    SentBytes CountSent();

    /// <summary>All is sent, and the commit is about to be said.</summary>
    /// <returns>False if it must not be said any more.</returns>
    ValueTask<bool> Committing();
}

/// <summary>A device's update, which its outbox keeps.</summary>
internal sealed class KeptUpdate(OutboxEntry entry, Outbox outbox) : IOutgoingUpdate
{
    /// <inheritdoc/>
    public UpdateHeader Header => entry.Header;

    /// <inheritdoc/>
    public ShardPlan Plan => entry.Plan;

    /// <inheritdoc/>
    public ImmutableArray<UpdateDigest> Digests => entry.Digests;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Integers => entry.Integers;

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadShard(int index, CancellationToken cancellation) => new(entry.Shard(index));

    /// <inheritdoc/>
    public SentBytes CountSent() => outbox.CountSent(entry.Header.Key);

    /// <inheritdoc/>
    public ValueTask<bool> Committing() => new(true);
}
