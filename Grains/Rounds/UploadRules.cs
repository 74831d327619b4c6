using System.Collections.Immutable;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Grains.Rounds;

/// <summary>What an upload to a shard may look like.</summary>
internal static class UploadRules
{
    /// <summary>The offsets of all chunks of an upload of <paramref name="length"/> bytes.</summary>
    public static ImmutableArray<int> AllOffsets(int length) =>
        [.. Enumerable.Range(0, StagedUpdate.ChunkCount(length)).Select(index => index * Chunk.PreferredLength)];

    /// <summary>The refusal of an upload that cannot be one of a shard; null for one that can.</summary>
    public static UploadReply? Refuse(UploadHeader header) =>
        header.Length is > 0 and <= ShardPlan.DefaultMaximumParameters * sizeof(float) && header.Length % sizeof(float) == 0
            ? null
            : new(UploadStanding.Refused, Reason: $"a shard of an update has 4 to {ShardPlan.DefaultMaximumParameters * sizeof(float)} bytes, not {header.Length}.");

    /// <summary>The refusal of a chunk that does not belong where it says; null for one that does.</summary>
    public static UploadReply? Refuse(UploadHeader header, int offset, Chunk chunk) =>
        offset >= 0 && offset < header.Length && offset % Chunk.PreferredLength == 0 && chunk.Length == StagedUpdate.ChunkLength(header.Length, offset)
            ? null
            : new(UploadStanding.Refused, Reason: $"a chunk of {chunk.Length} bytes does not belong at offset {offset} of {header.Length} bytes.");
}
