using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;

namespace OrleansEdge.Grains.Rounds;

/// <summary>How a job drives a round; the key is a <see cref="RoundKey"/>.</summary>
[Alias("oe.IRoundControl"), CallableBy(Callers.Site)]
internal interface IRoundControl : IGrainWithStringKey
{
    /// <summary>Goes on with a round that was opened before; false if it was not.</summary>
    [Alias("Resume")]
    Task<bool> Resume(RoundPlan plan);

    /// <summary>Opens the round with these participants; if it is open already, the first selection stays. Gives the round's trace context.</summary>
    [Alias("Open")]
    Task<string?> Open(RoundPlan plan, ImmutableArray<ParticipantId> selected, int goal);

    /// <summary>Whether updates are still taken.</summary>
    [Alias("IsOpen")]
    ValueTask<bool> IsOpen();

    /// <summary>Whether this participant's part of an update for a shard is still taken; not for a shard that the model does not have.</summary>
    [Alias("AcceptsShard")]
    ValueTask<bool> Accepts(ParticipantId participant, int shard);

    /// <summary>How the round stands; null if it is not open.</summary>
    [Alias("GetStatus")]
    ValueTask<RoundStatus?> GetStatus();

    /// <summary>Ends the round without a version and forgets it.</summary>
    [Alias("Abandon")]
    Task Abandon();
}

/// <summary>Everything that a round needs to know; computed by its job from persisted state, so that it is the same after a restart.</summary>
[GenerateSerializer, Immutable, Alias("oe.RoundPlan")]
internal sealed record RoundPlan
{
    /// <summary>What each participant is told; its seed is set for each.</summary>
    [Id(0)] public required Instruction Instruction { get; init; }

    /// <summary>How updates become the next version.</summary>
    [Id(1)] public required JobStrategy Strategy { get; init; }

    /// <summary>The name under which the version is published.</summary>
    [Id(2)] public required ModelName Model { get; init; }

    /// <summary>The version that updates are differences to; null in round 0.</summary>
    [Id(3)] public BaseVersion? Base { get; init; }

    /// <summary>How many updates are needed at the deadline; null for all that were selected (or counted on, when over-selected).</summary>
    [Id(4)] public int? Quorum { get; init; }

    /// <summary>From the opening to the deadline.</summary>
    [Id(5)] public TimeSpan Deadline { get; init; }

    /// <summary>What happens without a quorum.</summary>
    [Id(6)] public MissedQuorum OnMissedQuorum { get; init; }

    /// <summary>The job's seed.</summary>
    [Id(7)] public ulong Seed { get; init; }

    /// <summary>The network, for the version's record.</summary>
    [Id(8)] public required ModelSource Source { get; init; }

    /// <summary>The hash of the task, for the version's record.</summary>
    [Id(9)] public required ContentHash Task { get; init; }

    /// <summary>The manifests of earlier versions, the newest first, to which late updates are differences that are still taken.</summary>
    [Id(10)] public ImmutableArray<ContentHash> Earlier { get; init; } = [];

    /// <summary>How much less a late update counts.</summary>
    [Id(11)] public JobStaleness Staleness { get; init; } = JobStaleness.None;

    /// <summary>How many versions older an update's base is than this round's; null where it is too old, or no version of the job.</summary>
    public int? StalenessOf(ContentHash? updateBase) => updateBase == Base?.Manifest ? 0
        : updateBase is { } hash && !Earlier.IsDefaultOrEmpty && Earlier.IndexOf(hash) is >= 0 and var index ? index + 1
        : null;
}

/// <summary>The version that a round starts from.</summary>
/// <param name="Id">Its name and number.</param>
/// <param name="Manifest">Its manifest.</param>
[GenerateSerializer, Immutable, Alias("oe.BaseVersion")]
internal sealed record BaseVersion([property: Id(0)] ModelVersionId Id, [property: Id(1)] ContentHash Manifest);

/// <summary>How a round stands.</summary>
[GenerateSerializer, Immutable, Alias("oe.RoundStatus")]
public sealed record RoundStatus(
    [property: Id(0)] RoundKey Round,
    [property: Id(1)] RoundPhase Phase,
    [property: Id(2)] int Attempt,
    [property: Id(3)] int Selected,
    [property: Id(4)] int Committed,
    [property: Id(5)] ImmutableSortedDictionary<string, string> Declined,
    [property: Id(6)] int Quorum,
    [property: Id(7)] DateTimeOffset Deadline,
    [property: Id(8)] int Extensions,
    [property: Id(9)] string? Trouble = null);

/// <summary>What came of a round.</summary>
/// <param name="Round">The round.</param>
/// <param name="Version">The published version; null if there is none.</param>
/// <param name="Failure">One sentence if the job must fail; otherwise null.</param>
/// <param name="Committed">How many updates made the version.</param>
/// <param name="Declined">How many participants declined, or were asked in vain; without those that have withdrawn.</param>
/// <param name="BytesResent">Bytes of updates that were sent more than once.</param>
/// <param name="Seconds">From the opening to the publication.</param>
/// <param name="TraceParent">The round's trace context, for the measurement that follows.</param>
/// <param name="TrainingSeconds">Processor time that participants spent on training the committed updates, in seconds, summed.</param>
[GenerateSerializer, Immutable, Alias("oe.RoundOutcome")]
internal sealed record RoundOutcome(
    [property: Id(0)] RoundKey Round,
    [property: Id(1)] VersionRecord? Version,
    [property: Id(2)] string? Failure,
    [property: Id(3)] int Committed,
    [property: Id(4)] int Declined,
    [property: Id(5)] long BytesResent,
    [property: Id(6)] double Seconds,
    [property: Id(7)] string? TraceParent,
    [property: Id(8)] double TrainingSeconds = 0)
{
    /// <summary>The first of those that said why they cannot contribute; null if nobody did.</summary>
    [Id(9)] public ParticipantRefusal? Refusal { get; init; }

    /// <summary>How many of the updates that made the version were late: differences to an earlier one than the round's.</summary>
    [Id(10)] public int Late { get; init; }

    /// <summary>Who will not contribute to a round from this version, however often it is asked; in the order of ids.</summary>
    [Id(11)] public ImmutableArray<ParticipantId> Withdrawn { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Whether that is everyone who was selected.</summary>
    public bool IsWithdrawn => !Withdrawn.IsEmpty && Committed + Declined == 0;
}

/// <summary>Why a participant could not contribute.</summary>
/// <param name="Participant">Who.</param>
/// <param name="Reason">One sentence.</param>
[GenerateSerializer, Immutable, Alias("oe.ParticipantRefusal")]
internal sealed record ParticipantRefusal([property: Id(0)] ParticipantId Participant, [property: Id(1)] string Reason);
