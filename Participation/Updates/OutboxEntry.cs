using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Participation.Updates;

/// <summary>What is known of an update besides its values.</summary>
/// <param name="Job">The job.</param>
/// <param name="Round">The round's number.</param>
/// <param name="Base">The manifest of the version that it is a difference to, in hexadecimal; null in round 0.</param>
/// <param name="Examples">The number of examples behind it.</param>
/// <param name="LossSum">The sum of their losses.</param>
/// <param name="TrainingSeconds">Processor time of training.</param>
/// <param name="WeightBytes">The length of the values, in bytes.</param>
/// <param name="IntegerBytes">The length of the integer buffers behind them, in bytes.</param>
/// <param name="Digests">The digest of each shard, in hexadecimal.</param>
/// <param name="Layout">The tensors; only in round 0.</param>
internal sealed record UpdateHeader(
    string Job, int Round, string? Base, long Examples, double LossSum, double TrainingSeconds, long WeightBytes, int IntegerBytes,
    ImmutableArray<string> Digests, ModelLayout? Layout)
{
    /// <summary>The name of the site for which it was made; null in what a release made that knew only one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Site { get; init; }

    /// <summary>How headers are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>The round.</summary>
    public RoundKey Key => new(JobId.Parse(Job), Round);
}

/// <summary>One update, kept until its round is published.</summary>
/// <param name="Header">What is known of it.</param>
/// <param name="Values">The flat vector, then the integer buffers.</param>
internal sealed record OutboxEntry(UpdateHeader Header, byte[] Values)
{
    /// <summary>The cut of the vector.</summary>
    public ShardPlan Plan { get; } = new(Header.WeightBytes / sizeof(float));

    /// <summary>The digest of each shard.</summary>
    public ImmutableArray<UpdateDigest> Digests { get; } =
        [.. Header.Digests.Select(digest => new UpdateDigest(UInt128.Parse(digest, System.Globalization.NumberStyles.AllowHexSpecifier, null)))];

    /// <summary>One shard's values.</summary>
    public ReadOnlyMemory<byte> Shard(int index) => Values.AsMemory((int)Plan[index].ByteOffset, Plan[index].ByteLength);

    /// <summary>The integer buffers.</summary>
    public ReadOnlyMemory<byte> Integers => Values.AsMemory((int)Header.WeightBytes, Header.IntegerBytes);

    /// <summary>The digests of a vector's shards, as a header keeps them.</summary>
    public static ImmutableArray<string> DigestsOf(ReadOnlySpan<byte> weights)
    {
        var plan = new ShardPlan(weights.Length / sizeof(float));
        var digests = ImmutableArray.CreateBuilder<string>(plan.Count);
        foreach (var shard in plan.Shards)
        {
            digests.Add(UpdateDigest.Of(weights.Slice((int)shard.ByteOffset, shard.ByteLength)).ToString());
        }

        return digests.MoveToImmutable();
    }
}
