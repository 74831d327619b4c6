using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Training;

namespace OrleansEdge.Grains.Jobs;

/// <summary>
/// What one training run is to do, as its job file says, with every default filled in. Read and written by <see cref="Files.JobFile"/>.
/// </summary>
public sealed record JobDefinition
{
    /// <summary>The job's id.</summary>
    public required JobId Job { get; init; }

    /// <summary>The name under which participants offer the data.</summary>
    public required DataName Data { get; init; }

    /// <summary>The name under which versions are published.</summary>
    public required ModelName Model { get; init; }

    /// <summary>The network; null only where <see cref="From"/> is given, whose network it then is.</summary>
    public JobNetwork? Network { get; init; }

    /// <summary>The version whose weights the first round begins with; null to make version 0 from the seed or the TorchScript file.</summary>
    public ModelVersionId? From { get; init; }

    /// <summary>What is predicted; null to take it from the data.</summary>
    public TaskKind? Task { get; init; }

    /// <summary>How updates become the next version.</summary>
    public required JobStrategy Strategy { get; init; }

    /// <summary>The number of rounds, 1 or more.</summary>
    public required int Rounds { get; init; }

    /// <summary>Who takes part in a round.</summary>
    public JobParticipants Participants { get; init; } = new();

    /// <summary>How many updates a round needs at its deadline; null for all that it counts on: see <see cref="QuorumOf"/>.</summary>
    public int? Quorum { get; init; }

    /// <summary>The time from the opening of a round to its deadline; default 5 minutes.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What happens at a deadline without a quorum; default extend.</summary>
    public MissedQuorum OnMissedQuorum { get; init; } = MissedQuorum.Extend;

    /// <summary>How a participant trains in a round. Its held-out share is the file's <c>evaluation.heldOut</c>.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Seeds everything random in the job; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>How and when versions are measured.</summary>
    public JobEvaluation Evaluation { get; init; } = new();

    /// <summary>What becomes of updates that come too late for their round; default: none is taken.</summary>
    public JobStaleness Staleness { get; init; } = JobStaleness.None;

    /// <summary>How the sites of the tier below go about it; null where participants are expected to be devices.</summary>
    public JobTier? Tier { get; init; }

    /// <summary>
    /// How many rounds a site may go on by itself in each of its parent's rounds while the parent is away; 0 for a job without a parent.
    /// </summary>
    public int Autonomy { get; init; }

    /// <summary>The job as a site of the tier below runs it among its own participants; null where there is no tier below.</summary>
    public JobDefinition? Below => Tier is not { } tier ? null : this with
    {
        Rounds = tier.Rounds,
        Strategy = tier.Strategy,
        Participants = tier.Participants,
        Quorum = tier.Quorum,
        Deadline = tier.Deadline,
        OnMissedQuorum = tier.OnMissedQuorum,
        Staleness = tier.Staleness,
        Autonomy = tier.Autonomy,
        Evaluation = tier.Evaluation,
        Tier = tier.Below,
    };

    /// <summary>How many updates a round needs that counts on <paramref name="wanted"/> of them (<see cref="JobParticipants.Wanted"/>).</summary>
    public int QuorumOf(int wanted) => Quorum ?? wanted;
}

/// <summary>A network as a job file names it.</summary>
/// <param name="Text">A built-in architecture such as <c>mlp:64,32</c>, or the path of a TorchScript file, relative to the job file.</param>
/// <param name="IsFile">Whether <paramref name="Text"/> is a path.</param>
public sealed record JobNetwork(string Text, bool IsFile);

/// <summary>A strategy and the values of all its options, defaults included.</summary>
/// <param name="Name">The strategy's name.</param>
/// <param name="Options">Each option's value by its name; compared by content.</param>
[GenerateSerializer, Immutable, Alias("oe.JobStrategy")]
public sealed record JobStrategy([property: Id(0)] string Name, [property: Id(1)] ImmutableSortedDictionary<string, double> Options)
{
    /// <inheritdoc/>
    public bool Equals(JobStrategy? other) => other is not null && Name == other.Name && Options.SequenceEqual(other.Options);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Options.Count);
}

/// <summary>Who takes part in a round: a number, a share, or (with neither) all who are present.</summary>
public sealed record JobParticipants
{
    /// <summary>The number of participants in a round; null for a share or for all.</summary>
    public int? PerRound { get; init; }

    /// <summary>The share of those present, from 0.0001 to 1, rounded up; null for a number or for all.</summary>
    public double? Fraction { get; init; }

    /// <summary>How many must be present before a round opens, 1 or more; default 1.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>How many times as many are asked as are counted on, 1 or more; default 1. The spare ones make up for those that are late.</summary>
    public double OverSelection { get; init; } = 1;

    /// <summary>How many updates a round counts on when <paramref name="present"/> participants are there.</summary>
    public int Wanted(int present) => PerRound is { } number ? Math.Min(number, present) : RoundUp(Fraction ?? 1, present);

    /// <summary>How many participants a round asks when <paramref name="present"/> are there: <see cref="Wanted"/> and the spare ones.</summary>
    public int Asked(int present) => (int)Math.Min(present, decimal.Ceiling((decimal)OverSelection * Wanted(present)));

    /// <summary>How few must be present for a round with a share (1: all) of them to count on <paramref name="updates"/> updates.</summary>
    internal static int PresentFor(double fraction, int updates) =>
        (int)Math.Min(int.MaxValue, decimal.Floor((updates - 1) / (decimal)fraction) + 1);

    // In decimal, because 0.1 × 30 in binary is above 3 and would round up to 4.
    private static int RoundUp(double share, int present) => (int)Math.Min(present, decimal.Ceiling((decimal)share * present));
}

/// <summary>What happens at a round's deadline when the quorum is missed.</summary>
public enum MissedQuorum
{
    /// <summary>The round goes on for another deadline.</summary>
    Extend = 0,

    /// <summary>The round ends without a version, and the next one opens.</summary>
    Skip = 1,

    /// <summary>The job fails.</summary>
    Fail = 2,
}

/// <summary>Who measures a version.</summary>
public enum EvaluationMode
{
    /// <summary>Each participant, on the part of its data that it holds out.</summary>
    Federated = 0,

    /// <summary>One participant, on the test set of its data.</summary>
    Central = 1,

    /// <summary>Nobody.</summary>
    None = 2,
}

/// <summary>How and when versions are measured.</summary>
public sealed record JobEvaluation
{
    /// <summary>Who measures; default federated.</summary>
    public EvaluationMode Mode { get; init; } = EvaluationMode.Federated;

    /// <summary>Measure after every so many rounds, and after the last one; default 1.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Whether the version of round <paramref name="round"/>, from 1, of <paramref name="rounds"/> is measured.</summary>
    public bool IsDue(int round, int rounds) => Mode != EvaluationMode.None && (round == rounds || round % Every == 0);
}
