using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Retention.Marking;

namespace OrleansEdge.Grains.Retention;

/// <summary>Gives up the versions of a model that its policy does not keep.</summary>
internal sealed class VersionPruner(IReferenceHolders holders, VersionStore versions, JobRecords jobs)
{
    /// <summary>Decides which versions are kept.</summary>
    public async Task<RetentionDecision> Decide(ModelName model, RetentionPolicy policy, CancellationToken cancellation)
    {
        // In this order: of a version that is published in between the decision says nothing, and a job that publishes is still running.
        var known = await holders.GetVersions(model, cancellation);
        var running = await holders.GetJobs(cancellation);
        var inUse = running.SelectMany(job => job.References.Versions).Where(version => version.Model == model).Select(version => version.Number)
            .Concat(known.Published.Where(last => running.Any(job => job.Job == last.Job)).Select(last => last.Number))
            .ToHashSet();
        var measured = new List<MeasuredVersion>();
        foreach (var number in await versions.ListNumbers(model, cancellation))
        {
            if (number < known.Count && !known.Pruned.Has(number))
            {
                measured.Add(policy.KeepBest is null ? new(number) : await Measure(new(model, number)));
            }
        }

        return VersionRetention.Decide(policy, measured, known.Promotions.ToHashSet(), inUse);
    }

    /// <summary>
    /// Gives versions up: the model's grain first, so that nobody is given one any more, then their records; those of versions that were
    /// given up before, too, in case that nobody lived to delete them.
    /// </summary>
    public async Task Prune(ModelName model, ImmutableArray<int> numbers, CancellationToken cancellation)
    {
        if (!numbers.IsEmpty)
        {
            await holders.Prune(model, numbers, cancellation);
        }

        var known = await holders.GetVersions(model, cancellation);
        foreach (var number in await versions.ListNumbers(model, cancellation))
        {
            if (known.Pruned.Has(number))
            {
                await versions.Delete(new(model, number), cancellation);
            }
        }
    }

    private async Task<MeasuredVersion> Measure(ModelVersionId id)
    {
        var record = await versions.Read(id);
        var round = record?.Job is { } job ? await jobs.ReadRound(job, record.Round) : null;
        return round?.Version == id && round.Evaluation is { } evaluation ? new(id.Number, evaluation.Accuracy, evaluation.Loss) : new(id.Number);
    }
}
