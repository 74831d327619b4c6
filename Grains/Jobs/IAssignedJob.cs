using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Contracts.Training;

namespace OrleansEdge.Grains.Jobs;

/// <summary>A job that a site runs for its parent, as the site's uplink drives it; the key is the <see cref="JobId"/>.</summary>
[Alias("oe.IAssignedJob"), CallableBy(Callers.Site)]
internal interface IAssignedJob : IGrainWithStringKey
{
    /// <summary>
    /// Takes what the parent wants; the same again changes nothing. All content that the instruction names is in the site's store. What was
    /// wanted before and is not done is given up.
    /// </summary>
    [Alias("Assign")]
    Task<AssignmentStatus> Assign(SiteName parent, Instruction instruction);

    /// <summary>How the work stands; null for a job of the site's own, or none.</summary>
    [Alias("GetAssignment")]
    Task<AssignmentStatus?> GetAssignment();

    /// <summary>The update is about to be committed at the parent; from here on it is offered to that round alone.</summary>
    /// <returns>False if it is not wanted any more.</returns>
    [Alias("Offer")]
    Task<bool> Offer(SiteUpdate update);

    /// <summary>The parent has taken an update, or has refused it for good.</summary>
    /// <param name="update">Which.</param>
    /// <param name="accepted">Whether it counts.</param>
    /// <param name="stale">Whether its base was older than the round's.</param>
    [Alias("HandedOver")]
    Task HandedOver(SiteUpdate update, bool accepted, bool stale);

    /// <summary>A round of the parent is over: what was not handed over is offered to a later one.</summary>
    [Alias("Settle")]
    Task Settle(int parentRound);

    /// <summary>The parent's job is over, or the parent does not know it: the site's versions stay, and the job is completed.</summary>
    [Alias("EndAssignment")]
    Task EndAssignment();
}

/// <summary>How the work for a parent stands.</summary>
[GenerateSerializer, Immutable, Alias("oe.AssignmentStatus")]
internal sealed record AssignmentStatus
{
    /// <summary>Why nothing of it will be done; one sentence, or null.</summary>
    [Id(0)] public string? Refusal { get; init; }

    /// <summary>The number of the parent's round; nothing is wanted of a round before it.</summary>
    [Id(1)] public int Round { get; init; }

    /// <summary>What is to be done.</summary>
    [Id(2)] public InstructionKind Kind { get; init; }

    /// <summary>Whether it is refused because all that are here have contributed elsewhere: the parent need not wait.</summary>
    [Id(9)] public bool IsWithdrawn { get; init; }

    /// <summary>What is to be handed over; null while there is nothing.</summary>
    [Id(3)] public SiteUpdate? Update { get; init; }

    /// <summary>The answer to <em>describe</em>.</summary>
    [Id(4)] public DataSummary? Summary { get; init; }

    /// <summary>The answer to <em>evaluate</em>.</summary>
    [Id(5)] public EvaluationSums? Evaluation { get; init; }

    /// <summary>The share of it that is done, 0 to 1.</summary>
    [Id(6)] public double Progress { get; init; }

    /// <summary>Whether an update is kept until its round of the parent is over.</summary>
    [Id(7)] public bool IsKept { get; init; }

    /// <summary>For people and the parent.</summary>
    [Id(8)] public SiteJob? Report { get; init; }
}
