using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Retention;

/// <summary>Asks the grains of jobs and models.</summary>
internal sealed class GrainReferenceHolders(IGrainFactory grains, JobRecords jobs) : IReferenceHolders
{
    public async Task<ImmutableArray<RunningJob>> GetJobs(CancellationToken cancellation)
    {
        var running = ImmutableArray.CreateBuilder<RunningJob>();
        foreach (var job in await jobs.ListActive(cancellation))
        {
            running.Add(new(job, await grains.GetGrain<IJobControl>(job.Value).GetReferences().WaitAsync(cancellation)));
        }

        return running.ToImmutable();
    }

    public Task<ModelVersions> GetVersions(ModelName model, CancellationToken cancellation) =>
        grains.GetGrain<IModelControl>(model.Value).GetVersions().AsTask().WaitAsync(cancellation);

    public Task Prune(ModelName model, ImmutableArray<int> numbers, CancellationToken cancellation) =>
        grains.GetGrain<IModelControl>(model.Value).Prune(numbers).WaitAsync(cancellation);

    public async Task<bool> EndIfOver(RoundKey round, CancellationToken cancellation)
    {
        if (!await grains.GetGrain<IJobControl>(round.Job.Value).IsOver(round).WaitAsync(cancellation))
        {
            return false;
        }

        await grains.GetGrain<IRoundControl>(round.ToString()).Abandon().WaitAsync(cancellation);
        return true;
    }
}
