using System.Collections.Immutable;
using System.IO.Hashing;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Contracts.Rounds;

/// <summary>
/// The XXH128 of one shard of an update: it finds accidents, it does not authenticate. (What must not be forged is named by a
/// <see cref="ContentHash"/>.) An update crosses the wire once and is hashed at both ends, where this is twenty times faster than SHA-256.
/// </summary>
/// <param name="Value">The hash.</param>
[GenerateSerializer, Immutable, Alias(Aliases.UpdateDigest)]
public readonly record struct UpdateDigest([property: Id(0)] UInt128 Value)
{
    /// <summary>Hashes one shard of an update.</summary>
    public static UpdateDigest Of(ReadOnlySpan<byte> bytes) => new(XxHash128.HashToUInt128(bytes));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32");
}

/// <summary>Which upload a message belongs to. Repeated on every message, so that a shard that has lost its memory can go on from any of them.</summary>
/// <param name="Participant">Whose update.</param>
/// <param name="Length">The length of this shard of the update, in bytes.</param>
/// <param name="Digest">The digest of this shard of the update.</param>
[GenerateSerializer, Immutable, Alias(Aliases.UploadHeader)]
public readonly record struct UploadHeader(
    [property: Id(0)] ParticipantId Participant,
    [property: Id(1)] int Length,
    [property: Id(2)] UpdateDigest Digest) : INamesParticipant;

/// <summary>How an upload stands.</summary>
public enum UploadStanding
{
    /// <summary>Send on.</summary>
    Receiving = 0,

    /// <summary>The shard holds the whole and has checked it.</summary>
    Staged = 1,

    /// <summary>No permit is free: ask again after <see cref="UploadReply.RetryAfter"/>.</summary>
    Busy = 2,

    /// <summary>The update is wrong; sending it again is in vain.</summary>
    Refused = 3,

    /// <summary>The round is over.</summary>
    RoundOver = 4,
}

/// <summary>The answer of a shard.</summary>
/// <param name="Standing">How the upload stands.</param>
/// <param name="Missing">The offsets, in bytes, of chunks that have not arrived; only in the answer to <c>Begin</c>.</param>
/// <param name="RetryAfter">When to ask again.</param>
/// <param name="Reason">One sentence when refused.</param>
/// <param name="Silo">The number of the silo that holds the shard, in the answer to <c>Begin</c>; 0 where it does not say. See <see cref="Sites.IEntryGrain"/>.</param>
[GenerateSerializer, Immutable, Alias(Aliases.UploadReply)]
public sealed record UploadReply(
    [property: Id(0)] UploadStanding Standing,
    [property: Id(1)] ImmutableArray<int> Missing = default,
    [property: Id(2)] TimeSpan RetryAfter = default,
    [property: Id(3)] string? Reason = null,
    [property: Id(4)] int Silo = 0);

/// <summary>What a participant says when all shards hold its update.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.UpdateCommit)]
public sealed record UpdateCommit : INamesParticipant
{
    /// <summary>Who commits.</summary>
    [Id(0)] public required ParticipantId Participant { get; init; }

    /// <summary>The manifest of the version that the update is a difference to; null in round 0.</summary>
    [Id(1)] public ContentHash? Base { get; init; }

    /// <summary>The number of examples trained on: the update's weight. 1 to <see cref="MaximumExamples"/>.</summary>
    [Id(2)] public required long Examples { get; init; }

    /// <summary>The digest of each shard.</summary>
    [Id(3)] public required ImmutableArray<UpdateDigest> Shards { get; init; }

    /// <summary>The integer buffers after training, little-endian int64.</summary>
    [Id(4)] public Chunk Integers { get; init; }

    /// <summary>The model's tensors; only in round 0.</summary>
    [Id(5)] public ModelLayout? Layout { get; init; }

    /// <summary>The sum of the examples' losses in the last epoch.</summary>
    [Id(6)] public double LossSum { get; init; }

    /// <summary>Processor time of training, in seconds.</summary>
    [Id(7)] public double TrainingSeconds { get; init; }

    /// <summary>Bytes of this update that were sent more than once so far.</summary>
    [Id(8)] public long BytesResent { get; init; }

    /// <summary>The largest number of examples that one update may claim; sums of this weight stay exact.</summary>
    public const long MaximumExamples = (1L << 28) - 1;
}

/// <summary>How a commit stands.</summary>
public enum CommitStanding
{
    /// <summary>Taken; keep the update until the round is published.</summary>
    Committed = 0,

    /// <summary>The site is not ready; commit again after a moment.</summary>
    Retry = 1,

    /// <summary>The update is wrong; it will not be used.</summary>
    Refused = 2,

    /// <summary>The round has ended, with or without this update: throw it away.</summary>
    RoundOver = 3,
}

/// <summary>The answer to a commit.</summary>
/// <param name="Standing">How it stands.</param>
/// <param name="Reason">One sentence when refused.</param>
[GenerateSerializer, Immutable, Alias(Aliases.CommitReply)]
public sealed record CommitReply([property: Id(0)] CommitStanding Standing, [property: Id(1)] string? Reason = null);
