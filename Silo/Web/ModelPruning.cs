using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Retention;
using OrleansEdge.Grains.Retention.Marking;

namespace OrleansEdge.Silo.Web;

/// <summary><c>POST /api/models/NAME/prune</c>.</summary>
internal static class ModelPruning
{
    /// <summary>How many versions are kept when neither the request nor the site's configuration says it.</summary>
    internal const int DefaultKeepLast = 10;

    public static async Task<IResult> Prune(
        string name, IGrainFactory grains, VersionStore versions, JobRecords jobs, SiteRetention retention, IOptions<RetentionOptions> options,
        CancellationToken cancellation, int? keepLast = null, string? keepBest = null, bool dryRun = false)
    {
        var entry = await new ModelCatalogue(grains, versions, jobs).Find(RouteText.Model(name), cancellation);
        var policy = new RetentionPolicy(
            keepLast ?? options.Value.KeepLast ?? DefaultKeepLast, keepBest is null ? options.Value.KeepBest : Metric(keepBest));
        return policy.KeepLast >= 1
            ? OperatorApi.Answer(PruneAnswer.Of(policy, options.Value.Grace, await retention.Prune(entry.Name, policy, dryRun, cancellation)))
            : throw ApiException.BadRequest($"{policy.KeepLast} versions cannot be kept: give a number from 1 on with ?keepLast=N (--keep-last on the command line).");
    }

    private static RetentionMetric Metric(string text) => text switch
    {
        "accuracy" => RetentionMetric.Accuracy,
        "loss" => RetentionMetric.Loss,
        _ => throw ApiException.BadRequest($"There is no metric '{text}': the best version is by accuracy or by loss."),
    };
}

/// <summary>What the pruning of a model came to.</summary>
public sealed record PruneAnswer
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Whether nothing was done.</summary>
    public bool DryRun { get; init; }

    /// <summary>What was to be kept.</summary>
    public required RetentionPolicy Policy { get; init; }

    /// <summary>The versions that are kept, the newest first.</summary>
    public ImmutableArray<KeptAnswer> Kept { get; init; } = [];

    /// <summary>The versions that are not, the newest first.</summary>
    public ImmutableArray<ModelVersionId> Pruned { get; init; } = [];

    /// <summary>The content of the store that nothing refers to any more.</summary>
    public CollectionReport Collected { get; init; }

    /// <summary>How long content that nothing refers to is kept after it was last stored or touched.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>Puts an answer together.</summary>
    public static PruneAnswer Of(RetentionPolicy policy, TimeSpan grace, PruneReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new()
        {
            Model = report.Model.Value,
            DryRun = report.IsDryRun,
            Policy = policy,
            Kept = [.. report.Kept.Select(kept => new KeptAnswer(new(report.Model, kept.Number), kept.Reason))],
            Pruned = [.. report.Pruned.Select(number => new ModelVersionId(report.Model, number))],
            Collected = report.Collected,
            Grace = grace,
        };
    }
}

/// <summary>A version that is kept.</summary>
/// <param name="Id">Which.</param>
/// <param name="Reason">Why.</param>
public sealed record KeptAnswer(ModelVersionId Id, KeepReason Reason);
