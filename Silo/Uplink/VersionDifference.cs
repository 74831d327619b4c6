using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.Silo.Uplink;

/// <summary>
/// What a site contributes to a round of its parent: its version less the one that it started from. Both are in the site's store, so nothing
/// else is kept, and after a restart the same bytes are sent again.
/// </summary>
internal sealed class VersionDifference : IOutgoingUpdate
{
    private readonly ContentStore _content;
    private readonly Func<Task<bool>> _committing;
    private readonly ImmutableArray<ContentHash> _shards;
    private readonly ImmutableArray<ContentHash> _baseShards;

    private VersionDifference(
        ContentStore content, Func<Task<bool>> committing, ModelManifest manifest, ImmutableArray<ContentHash> baseShards, UpdateHeader header,
        ImmutableArray<UpdateDigest> digests)
    {
        _content = content;
        _committing = committing;
        _shards = manifest.WeightShards;
        _baseShards = baseShards;
        Plan = manifest.Plan;
        Integers = manifest.Integers;
        Header = header;
        Digests = digests;
    }

    /// <inheritdoc/>
    public UpdateHeader Header { get; }

    /// <inheritdoc/>
    public ShardPlan Plan { get; }

    /// <inheritdoc/>
    public ImmutableArray<UpdateDigest> Digests { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Integers { get; }

    /// <summary>Looks at both versions.</summary>
    /// <param name="content">Where they are.</param>
    /// <param name="manifests">Reads what they consist of.</param>
    /// <param name="committing">Asked before the update is committed.</param>
    /// <param name="round">The parent's round that it goes to.</param>
    /// <param name="update">Which versions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="DamagedContentException">One of them is not there any more.</exception>
    public static async Task<VersionDifference> Open(
        ContentStore content, ManifestStore manifests, Func<Task<bool>> committing, RoundKey round, SiteUpdate update, CancellationToken cancellation)
    {
        var manifest = await manifests.Read(update.Version);
        var baseShards = update.Base is { } hash ? (await manifests.Read(hash)).WeightShards : [];
        var digests = ImmutableArray.CreateBuilder<UpdateDigest>(manifest.Plan.Count);
        for (var index = 0; index < manifest.Plan.Count; index++)
        {
            digests.Add(UpdateDigest.Of((await Subtract(content, manifest.WeightShards[index], baseShards, index, cancellation)).Span));
        }

        var header = new UpdateHeader(
            round.Job.Value, round.Number, update.Base?.Hex, Math.Min(update.Examples, UpdateCommit.MaximumExamples), update.LossSum, update.TrainingSeconds,
            manifest.Layout.WeightCount * sizeof(float), manifest.Integers.Length, [.. digests.Select(digest => digest.ToString())],
            update.Base is null ? manifest.Layout : null);
        return new(content, committing, manifest, baseShards, header, digests.MoveToImmutable());
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadShard(int index, CancellationToken cancellation) =>
        await Subtract(_content, _shards[index], _baseShards, index, cancellation);

    /// <inheritdoc/>
    public SentBytes CountSent() => SentBytes.InMemory();

    /// <inheritdoc/>
    public async ValueTask<bool> Committing() => await _committing();

    private static async Task<ReadOnlyMemory<byte>> Subtract(
        ContentStore content, ContentHash shard, ImmutableArray<ContentHash> baseShards, int index, CancellationToken cancellation)
    {
        var version = await content.Read(shard, cancellation);
        if (baseShards.IsEmpty)
        {
            return version;
        }

        var origin = await content.Read(baseShards[index], cancellation);
        var difference = GC.AllocateUninitializedArray<byte>(version.Length);
        TensorPrimitives.Subtract(
            MemoryMarshal.Cast<byte, float>(version.Span), MemoryMarshal.Cast<byte, float>(origin.Span), MemoryMarshal.Cast<byte, float>(difference.AsSpan()));
        return difference;
    }
}
