using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;

namespace OrleansEdge.Grains.Retention;

/// <summary>A job that is not over, and what it needs.</summary>
internal sealed record RunningJob(JobId Job, JobReferences References);

/// <summary>Those who know what is needed: jobs and models. Whoever does not answer makes the call fail, and then nothing is deleted.</summary>
internal interface IReferenceHolders
{
    /// <summary>All jobs that are not over.</summary>
    Task<ImmutableArray<RunningJob>> GetJobs(CancellationToken cancellation);

    /// <summary>The versions of a model.</summary>
    Task<ModelVersions> GetVersions(ModelName model, CancellationToken cancellation);

    /// <summary>Gives versions of a model up.</summary>
    Task Prune(ModelName model, ImmutableArray<int> numbers, CancellationToken cancellation);

    /// <summary>Makes a round that its job has left behind end; false if it is not over.</summary>
    Task<bool> EndIfOver(RoundKey round, CancellationToken cancellation);
}
