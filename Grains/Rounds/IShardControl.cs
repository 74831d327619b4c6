using System.Collections.Immutable;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Grains.Rounds;

/// <summary>How a round speaks to its shards; the key is a <see cref="ShardKey"/>.</summary>
[Alias("oe.IShardControl"), CallableBy(Callers.Site)]
internal interface IShardControl : IGrainWithStringKey
{
    /// <summary>Computes the partial squared distances between every two contributors' updates.</summary>
    [Alias("Measure")]
    Task<ShardMeasurement> Measure(ShardContributors contributors);

    /// <summary>Folds exactly the given contributors' updates and stores the next version's shard. Idempotent.</summary>
    [Alias("Finish")]
    Task<ShardResult> Finish(ShardFinish finish);

    /// <summary>Stages one chunk that came in at an entry, as <see cref="IShardGrain.Append"/> does.</summary>
    [Alias("Append")]
    ValueTask<UploadReply> Append(UploadHeader header, int offset, Chunk chunk);

    /// <summary>Gives the shard's memory back: the round is over.</summary>
    [Alias("Release")]
    Task Release();
}

/// <summary>Whose updates count, in the order of their ids, and what each looks like in this shard.</summary>
/// <param name="Attempt">The round's attempt.</param>
/// <param name="Headers">One for each contributor.</param>
[GenerateSerializer, Immutable, Alias("oe.ShardContributors")]
internal sealed record ShardContributors([property: Id(0)] int Attempt, [property: Id(1)] ImmutableArray<UploadHeader> Headers);

/// <summary>The partial distances of a shard.</summary>
/// <param name="Missing">Contributors whose update the shard does not hold; if any, there are no sums.</param>
/// <param name="Sums">The triangular array of <see cref="Strategies.PairwiseDistances"/>.</param>
[GenerateSerializer, Immutable, Alias("oe.ShardMeasurement")]
internal sealed record ShardMeasurement(
    [property: Id(0)] ImmutableArray<ParticipantId> Missing,
    [property: Id(1)] ImmutableArray<double> Sums);

/// <summary>How a shard is to be folded.</summary>
/// <param name="Contributors">Whose updates.</param>
/// <param name="Weights">The weight of each contributor; 0 where the strategy does not use the update.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="Base">The base version's shard; null in round 0, whose base is zero.</param>
/// <param name="Width">The number of parameters in the shard.</param>
/// <param name="TraceParent">The round's trace context.</param>
[GenerateSerializer, Immutable, Alias("oe.ShardFinish")]
internal sealed record ShardFinish(
    [property: Id(0)] ShardContributors Contributors,
    [property: Id(1)] ImmutableArray<long> Weights,
    [property: Id(2)] JobStrategy Strategy,
    [property: Id(3)] ContentHash? Base,
    [property: Id(4)] int Width,
    [property: Id(5)] string? TraceParent);

/// <summary>What a shard answers; only when all shards agree is the version published.</summary>
/// <param name="Attempt">The attempt that was folded.</param>
/// <param name="Incarnation">Drawn at activation: a shard that lost its memory in between is another one.</param>
/// <param name="Missing">Contributors whose update the shard does not hold; if any, nothing was folded.</param>
/// <param name="Result">The stored shard of the next version.</param>
/// <param name="Failure">One sentence when the fold cannot be done by anyone (a result that is not finite).</param>
[GenerateSerializer, Immutable, Alias("oe.ShardResult")]
internal sealed record ShardResult(
    [property: Id(0)] int Attempt,
    [property: Id(1)] Guid Incarnation,
    [property: Id(2)] ImmutableArray<ParticipantId> Missing,
    [property: Id(3)] ContentHash? Result,
    [property: Id(4)] string? Failure);
