using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Grains.Jobs;

/// <summary>
/// What a site's parent wants in a job, and how far it has come. Only what a restart must not forget: answers to surveys are asked for again.
/// </summary>
[GenerateSerializer, Immutable, Alias("oe.state.Assignment")]
internal sealed record Assignment
{
    /// <summary>The parent.</summary>
    [Id(0)] public required SiteName Parent { get; init; }

    /// <summary>The number of the parent's round.</summary>
    [Id(1)] public required int Round { get; init; }

    /// <summary>What is to be done.</summary>
    [Id(2)] public required InstructionKind Kind { get; init; }

    /// <summary>The manifest of the version to train from, or to measure; null for neither.</summary>
    [Id(3)] public ContentHash? Base { get; init; }

    /// <summary>The instruction's seed.</summary>
    [Id(4)] public ulong Seed { get; init; }

    /// <summary>The trace context of the parent's round.</summary>
    [Id(5)] public string? TraceParent { get; init; }

    /// <summary>Which part of the data is measured.</summary>
    [Id(6)] public EvaluationScope Scope { get; init; }

    /// <summary>How many rounds of the site's own this has taken so far.</summary>
    [Id(7)] public int Done { get; init; }

    /// <summary>What is handed over; null while there is nothing.</summary>
    [Id(8)] public SiteUpdate? Update { get; init; }

    /// <summary>The newest that could be handed over: <see cref="Update"/>, or what came of going on by itself since then.</summary>
    [Id(9)] public SiteUpdate? Latest { get; init; }

    /// <summary>What was not handed over in an earlier round of the parent, and is offered to the next one that takes it.</summary>
    [Id(10)] public SiteUpdate? Late { get; init; }

    /// <summary>Whether nothing is to be done any more: it is done, has failed, or the parent does not want it any more.</summary>
    [Id(11)] public bool IsOver { get; init; }

    /// <summary>Whether the parent has taken the update.</summary>
    [Id(12)] public bool IsDelivered { get; init; }

    /// <summary>Why it cannot be done; one sentence, or null.</summary>
    [Id(13)] public string? Failure { get; init; }

    /// <summary>Whether it cannot be done because all that could have done it have contributed elsewhere. When it is asked for once more, others may be there.</summary>
    [Id(16)] public bool IsWithdrawn { get; init; }

    /// <summary>Whether the update was on its way when it was last heard of: whether the parent has taken it is not known then.</summary>
    [Id(15)] public bool IsOffered { get; init; }

    /// <summary>What adds up over all assignments.</summary>
    [Id(14)] public AssignmentTotals Totals { get; init; }

    /// <summary>
    /// Gives the work up: what there is of it is offered later, unless the parent may have taken it. Nothing may count twice.
    /// </summary>
    public Assignment GiveUp() => this with { IsOver = true, Update = null, Latest = null, Late = IsDelivered || IsOffered ? null : Latest ?? Late };
}

/// <summary>What a site hands over to its parent: the difference between two versions.</summary>
/// <param name="Round">The parent's round for which it was made.</param>
/// <param name="Base">The manifest of the version that it is a difference to; null for a first version.</param>
/// <param name="Version">The site's version, by its manifest.</param>
/// <param name="Examples">The number of examples behind it, summed over the site's participants.</param>
/// <param name="LossSum">The sum of their losses.</param>
/// <param name="TrainingSeconds">Processor time that the site's participants spent on training, summed.</param>
[GenerateSerializer, Immutable, Alias("oe.SiteUpdate")]
internal sealed record SiteUpdate(
    [property: Id(0)] int Round,
    [property: Id(1)] ContentHash? Base,
    [property: Id(2)] ContentHash Version,
    [property: Id(3)] long Examples,
    [property: Id(4)] double LossSum,
    [property: Id(5)] double TrainingSeconds);

/// <summary>What adds up over all that a site does for its parent in a job.</summary>
/// <param name="Rounds">Rounds among its own participants.</param>
/// <param name="Autonomous">How many of those it ran by itself while its parent was away.</param>
/// <param name="Accepted">Updates that the parent has taken.</param>
/// <param name="Stale">How many of those were for a round that had ended when they came.</param>
[GenerateSerializer, Immutable, Alias("oe.AssignmentTotals")]
internal readonly record struct AssignmentTotals(
    [property: Id(0)] int Rounds, [property: Id(1)] int Autonomous, [property: Id(2)] int Accepted, [property: Id(3)] int Stale);
