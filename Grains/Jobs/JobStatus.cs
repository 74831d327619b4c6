using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Jobs;

/// <summary>The phases of a job.</summary>
public enum JobPhase
{
    /// <summary>There is no such job.</summary>
    None = 0,

    /// <summary>Participants describe their data.</summary>
    Describing = 1,

    /// <summary>One participant makes version 0.</summary>
    Initialising = 2,

    /// <summary>A round is open, or about to be.</summary>
    Training = 3,

    /// <summary>The newest version is measured.</summary>
    Evaluating = 4,

    /// <summary>All rounds are done.</summary>
    Completed = 5,

    /// <summary>It cannot go on; <see cref="JobStatus.Failure"/> says why.</summary>
    Failed = 6,

    /// <summary>An operator has ended it.</summary>
    Stopped = 7,

    /// <summary>It is run for the site's parent, and waits for what that wants next.</summary>
    Waiting = 8,
}

/// <summary>How good a version is, over all participants that measured it.</summary>
/// <param name="Loss">The mean loss.</param>
/// <param name="Accuracy">The share of right answers; null for regression.</param>
/// <param name="Examples">Over how many examples.</param>
[GenerateSerializer, Immutable, Alias("oe.Evaluation")]
public sealed record Evaluation([property: Id(0)] double Loss, [property: Id(1)] double? Accuracy, [property: Id(2)] long Examples);

/// <summary>What adds up over a job's rounds.</summary>
/// <param name="Updates">Updates that were folded.</param>
/// <param name="Failures">Participants that were asked in vain.</param>
/// <param name="BytesResent">Bytes of updates that were sent more than once.</param>
[GenerateSerializer, Immutable, Alias("oe.JobTotals")]
public readonly record struct JobTotals([property: Id(0)] long Updates, [property: Id(1)] long Failures, [property: Id(2)] long BytesResent);

/// <summary>How a job stands.</summary>
[GenerateSerializer, Immutable, Alias("oe.JobStatus")]
public sealed record JobStatus
{
    /// <summary>The job.</summary>
    [Id(0)] public required JobId Job { get; init; }

    /// <summary>Its phase.</summary>
    [Id(1)] public JobPhase Phase { get; init; }

    /// <summary>Whether an operator has paused it.</summary>
    [Id(2)] public bool Paused { get; init; }

    /// <summary>The current round, or the last one.</summary>
    [Id(3)] public int Round { get; init; }

    /// <summary>The number of rounds to do.</summary>
    [Id(4)] public int Rounds { get; init; }

    /// <summary>The newest version; null before the first.</summary>
    [Id(5)] public ModelVersionId? Version { get; init; }

    /// <summary>How good the last measured version is; null before the first measurement.</summary>
    [Id(6)] public Evaluation? Evaluation { get; init; }

    /// <summary>How the open round stands; null between rounds.</summary>
    [Id(7)] public RoundStatus? OpenRound { get; init; }

    /// <summary>What adds up.</summary>
    [Id(8)] public JobTotals Totals { get; init; }

    /// <summary>One sentence when failed.</summary>
    [Id(9)] public string? Failure { get; init; }

    /// <summary>One sentence that says what the job waits for, if it does.</summary>
    [Id(10)] public string? Waiting { get; init; }

    /// <summary>When it was submitted.</summary>
    [Id(11)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    [Id(12)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What the site does for its parent in this job; null for a job of the site's own.</summary>
    [Id(13)] public SiteJob? ForParent { get; init; }

    /// <summary>The parent for which the site runs this job; null for a job of the site's own.</summary>
    [Id(14)] public SiteName? Parent { get; init; }

    /// <summary>Whether the job has ended.</summary>
    public bool IsOver => Phase is JobPhase.Completed or JobPhase.Failed or JobPhase.Stopped;
}

/// <summary>What is kept of each round, as an immutable blob.</summary>
/// <param name="Round">The round's number.</param>
/// <param name="Version">The version that it published; null if it was skipped.</param>
/// <param name="Attempt">The attempt at which it was published.</param>
/// <param name="Updates">How many updates it is made of.</param>
/// <param name="Failures">How many participants were asked in vain.</param>
/// <param name="TrainingLoss">The mean training loss.</param>
/// <param name="Evaluation">How good the version is, where it was measured.</param>
/// <param name="Seconds">From the opening to the publication.</param>
/// <param name="EndedAt">When the round and its measurement were over.</param>
/// <param name="TrainingSeconds">Processor time that participants spent on training, in seconds, summed.</param>
/// <param name="BytesResent">Bytes of updates that were sent more than once.</param>
public sealed record RoundRecord(
    int Round, ModelVersionId? Version, int Attempt, int Updates, int Failures, double? TrainingLoss, Evaluation? Evaluation, double Seconds,
    DateTimeOffset EndedAt, double TrainingSeconds = 0, long BytesResent = 0)
{
    /// <summary>Why the version was not measured although it was due, for a person; null where it was, or was not due.</summary>
    public string? Unmeasured { get; init; }

    /// <summary>How many of the updates were late: differences to an earlier version than the round's.</summary>
    public int Late { get; init; }
}
