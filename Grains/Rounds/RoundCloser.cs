using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Telemetry;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Rounds;

/// <summary>What came of an attempt to close a round: exactly one of the three.</summary>
/// <param name="Version">The published version.</param>
/// <param name="Missing">Contributors who must send again, because a shard has lost their update.</param>
/// <param name="Failure">One sentence that says why no attempt can succeed.</param>
internal sealed record Closing(VersionRecord? Version, ImmutableArray<ParticipantId> Missing, string? Failure)
{
    public static Closing Of(VersionRecord version) => new(version, [], null);

    public static Closing Needs(ImmutableArray<ParticipantId> missing) => new(null, missing, null);

    public static Closing Fails(string sentence) => new(null, [], sentence);
}

/// <summary>Turns the committed updates of a round into a published version: weights decided, shards folded, manifest, model's head, in this order.</summary>
internal sealed class RoundCloser(IGrainFactory grains, ContentStore content, ManifestStore manifests, StrategyCatalogue strategies, FaultSwitch faultSwitch)
{
    /// <summary>Does it, or says what is missing. Doing it again gives the same version.</summary>
    /// <param name="round">The round.</param>
    /// <param name="plan">The job's plan for it.</param>
    /// <param name="attempt">The attempt's number.</param>
    /// <param name="commits">Exactly the contributors' commits, in the order of ids.</param>
    /// <param name="traceParent">The round's trace context.</param>
    public async Task<Closing> Close(RoundKey round, RoundPlan plan, int attempt, ImmutableArray<UpdateCommit> commits, string? traceParent)
    {
        var parent = plan.Base is { } version ? await manifests.Read(version.Manifest) : null;
        var layout = parent?.Layout ?? commits[0].Layout!;
        var shards = parent?.Plan ?? new ShardPlan(layout.WeightCount);
        var strategy = strategies.Create(plan.Strategy.Name, plan.Strategy.Options);
        var contributors = Enumerable.Range(0, shards.Count).Select(index => Contributors(attempt, commits, shards, index)).ToImmutableArray();
        var (distances, missing) = await Measure(round, strategy, contributors);
        if (!missing.IsEmpty)
        {
            return Closing.Needs(missing);
        }

        ImmutableArray<long> weights;
        try
        {
            weights = strategy.Decide([.. commits.Select(commit => new Contribution(Weight(commit, plan)))], distances);
        }
        catch (StrategyException exception)
        {
            return Closing.Fails(exception.Message);
        }

        var results = await Task.WhenAll(contributors.Select((list, index) => Shard(round, index).Finish(new ShardFinish(
            list, weights, plan.Strategy, parent?.WeightShards[index], shards[index].Length, traceParent))));
        if (results.SelectMany(result => result.Missing).Distinct().Order().ToImmutableArray() is { IsEmpty: false } lost)
        {
            return Closing.Needs(lost);
        }

        if (results.FirstOrDefault(result => result.Failure is not null) is { } failed)
        {
            return Closing.Fails(failed.Failure!);
        }

        faultSwitch.Reach(SiloPoints.Folded, round.Number);
        using var span = OrleansEdgeTelemetry.Start("publish", traceParent, round);
        var manifest = ModelManifest.OfWeights(layout, shards, [.. results.Select(result => result.Result!.Value)], Integers(commits, weights));
        return Closing.Of(await Publish(round, plan, attempt, commits, await content.Put(manifest.ToBytes())));
    }

    private static long Weight(UpdateCommit commit, RoundPlan plan) =>
        StalenessDiscount.Discount(commit.Examples, plan.StalenessOf(commit.Base) ?? 0, plan.Staleness.Exponent);

    private static ShardContributors Contributors(int attempt, ImmutableArray<UpdateCommit> commits, ShardPlan shards, int index) => new(
        attempt, [.. commits.Select(commit => new UploadHeader(commit.Participant, shards[index].ByteLength, commit.Shards[index]))]);

    /// <summary>Counters such as BatchNorm's: the largest of the used updates, which does not depend on their order.</summary>
    private static byte[] Integers(ImmutableArray<UpdateCommit> commits, ImmutableArray<long> weights)
    {
        var largest = commits[0].Integers.Span.ToArray();
        var target = MemoryMarshal.Cast<byte, long>(largest.AsSpan());
        target.Fill(long.MinValue);
        foreach (var (commit, _) in commits.Zip(weights).Where(pair => pair.Second > 0))
        {
            var source = MemoryMarshal.Cast<byte, long>(commit.Integers.Span);
            for (var index = 0; index < target.Length; index++)
            {
                target[index] = Math.Max(target[index], source[index]);
            }
        }

        return largest;
    }

    private IShardControl Shard(RoundKey round, int index) => grains.GetGrain<IShardControl>(new ShardKey(round, index).ToString());

    private async Task<(PairwiseDistances? Distances, ImmutableArray<ParticipantId> Missing)> Measure(
        RoundKey round, IStrategy strategy, ImmutableArray<ShardContributors> contributors)
    {
        if (strategy.Geometry == StrategyGeometry.None)
        {
            return (null, []);
        }

        var parts = await Task.WhenAll(contributors.Select((list, index) => Shard(round, index).Measure(list)));
        if (parts.SelectMany(part => part.Missing).Distinct().Order().ToImmutableArray() is { IsEmpty: false } missing)
        {
            return (null, missing);
        }

        var count = contributors[0].Headers.Length;
        var total = new PairwiseDistances(count);
        foreach (var part in parts)
        {
            total.Add(PairwiseDistances.FromSums(count, part.Sums.AsSpan()));
        }

        return (total, []);
    }

    private async Task<VersionRecord> Publish(
        RoundKey round, RoundPlan plan, int attempt, ImmutableArray<UpdateCommit> commits, ContentHash manifest)
    {
        faultSwitch.Reach(SiloPoints.Manifest, round.Number);
        var examples = commits.Sum(commit => commit.Examples);
        return await grains.GetGrain<IModelControl>(plan.Model.Value).Publish(new VersionRecord
        {
            Id = new(plan.Model, 0),
            Manifest = manifest,
            Parent = plan.Base?.Id,
            Job = round.Job,
            Round = round.Number,
            Attempt = attempt,
            Strategy = plan.Strategy.Name,
            Contributors = [.. commits.Select(commit => commit.Participant)],
            Examples = examples,
            TrainingLoss = commits.Sum(commit => commit.LossSum) / examples,
            Source = plan.Source,
            Task = plan.Task,
        });
    }
}
