using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Retention.Marking;

namespace OrleansEdge.Grains.Retention;

/// <summary>What the pruning of a model came to.</summary>
/// <param name="Model">The model.</param>
/// <param name="IsDryRun">Whether nothing was done.</param>
/// <param name="Kept">The versions that are kept, the newest first.</param>
/// <param name="Pruned">The numbers of those that are not, the newest first.</param>
/// <param name="Collected">The content that went, of this model or another.</param>
public sealed record PruneReport(
    ModelName Model, bool IsDryRun, ImmutableArray<KeptVersion> Kept, ImmutableArray<int> Pruned, CollectionReport Collected);

/// <summary>
/// Applies a site's retention. May run on several silos at once: every deletion is decided by what is written, and is refused if that changes.
/// </summary>
internal sealed partial class SiteRetention(
    VersionPruner pruner, ContentCollector content, RoundCollector rounds, VersionStore versions, IOptions<RetentionOptions> options,
    ILogger<SiteRetention> logger)
{
    private RetentionOptions Options => options.Value;

    /// <summary>Prunes all models by the site's policy, and collects what nothing refers to.</summary>
    public async Task<CollectionReport> Run(CancellationToken cancellation)
    {
        var pruned = 0;
        foreach (var model in await versions.ListModels(cancellation))
        {
            var decision = await pruner.Decide(model, Options.Policy, cancellation);
            await pruner.Prune(model, decision.Pruned, cancellation);
            pruned += decision.Pruned.Length;
        }

        var ended = await rounds.Collect(Options.Grace, cancellation);
        var report = await content.Collect(Options.Grace, ImmutableHashSet<ModelVersionId>.Empty, isDryRun: false, cancellation);
        if (pruned + ended + report.Blobs > 0)
        {
            LogCollected(pruned, report.Blobs, report.Bytes, ended);
        }

        return report;
    }

    /// <summary>Prunes one model, and collects what nothing refers to.</summary>
    /// <param name="model">The model; it has a version.</param>
    /// <param name="policy">What is kept.</param>
    /// <param name="isDryRun">Whether only to say what would be done.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    public async Task<PruneReport> Prune(ModelName model, RetentionPolicy policy, bool isDryRun, CancellationToken cancellation)
    {
        var decision = await pruner.Decide(model, policy, cancellation);
        if (!isDryRun)
        {
            await pruner.Prune(model, decision.Pruned, cancellation);
        }

        var given = decision.Pruned.Select(number => new ModelVersionId(model, number)).ToHashSet();
        var report = await content.Collect(Options.Grace, given, isDryRun, cancellation);
        return new(model, isDryRun, decision.Kept, decision.Pruned, report);
    }

    [LoggerMessage(LogLevel.Information, "Retention: {Versions} versions pruned, {Blobs} blobs of {Bytes} bytes deleted, {Rounds} dead rounds ended")]
    private partial void LogCollected(int versions, int blobs, long bytes, int rounds);
}
