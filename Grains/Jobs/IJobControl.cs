using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Jobs;

/// <summary>One training run; the key is the <see cref="JobId"/>.</summary>
[Alias("oe.IJobControl"), CallableBy(Callers.Site)]
internal interface IJobControl : IGrainWithStringKey
{
    /// <summary>Begins the job; the same submission again changes nothing.</summary>
    /// <returns>One sentence that says why it cannot be taken; null if it was.</returns>
    [Alias("Submit")]
    Task<string?> Submit(JobSubmission submission);

    /// <summary>Looks after the job; called by whoever finds it neglected.</summary>
    [Alias("Touch")]
    Task Touch();

    /// <summary>Whether a round of this job is over (or never was), so that its updates are of no use any more.</summary>
    [Alias("IsOver")]
    Task<bool> IsOver(RoundKey round);

    /// <summary>Whether the job is over, or there is none of this id.</summary>
    [Alias("HasEnded")]
    ValueTask<bool> HasEnded();

    /// <summary>Takes what came of a round, once; written when this returns.</summary>
    [Alias("RoundEnded")]
    Task RoundEnded(RoundOutcome outcome);

    /// <summary>Opens no further round until resumed; the current one goes on to its end. Answers one sentence if that is impossible.</summary>
    [Alias("Pause")]
    Task<string?> Pause();

    /// <summary>Goes on.</summary>
    [Alias("Resume")]
    Task<string?> Resume();

    /// <summary>Ends the job for good; published versions stay.</summary>
    [Alias("Stop")]
    Task<string?> Stop();

    /// <summary>How the job stands; null if there is none of this id.</summary>
    [Alias("GetStatus")]
    Task<JobStatus?> GetStatus();

    /// <summary>What the job needs; asked between two of its steps, so that nothing is between being stored and being referred to.</summary>
    [Alias("GetReferences")]
    Task<JobReferences> GetReferences();
}

/// <summary>What a job begins with.</summary>
/// <param name="Definition">The job file, in canonical form.</param>
/// <param name="TorchScript">The stored TorchScript file, where the job file names one.</param>
/// <param name="Signature">The site's signature of it; null for a site without certificates.</param>
[GenerateSerializer, Immutable, Alias("oe.JobSubmission")]
internal sealed record JobSubmission(
    [property: Id(0)] string Definition,
    [property: Id(1)] ContentHash? TorchScript,
    [property: Id(2)] ModelSignature? Signature = null);
