namespace OrleansEdge.Grains.Jobs;

/// <summary>
/// How the sites of one tier run a job among their own participants, for each round of the tier above (HierFAVG: Liu et al., 2020,
/// arXiv 1905.06641).
/// </summary>
public sealed record JobTier
{
    /// <summary>Rounds of the site in each round of the tier above (κ₂), 1 or more; default 1.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>How updates become the site's next version.</summary>
    public required JobStrategy Strategy { get; init; }

    /// <summary>Who takes part in a round of the site.</summary>
    public JobParticipants Participants { get; init; } = new();

    /// <summary>How many updates a round of the site needs at its deadline; null for all that it counts on.</summary>
    public int? Quorum { get; init; }

    /// <summary>The time from the opening of a round of the site to its deadline; default 5 minutes.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What happens at a deadline without a quorum; default extend.</summary>
    public MissedQuorum OnMissedQuorum { get; init; } = MissedQuorum.Extend;

    /// <summary>What becomes of updates that come too late for their round; default: none is taken.</summary>
    public JobStaleness Staleness { get; init; } = JobStaleness.None;

    /// <summary>How many rounds more a site may run by itself while its parent is away; default 0.</summary>
    public int Autonomy { get; init; }

    /// <summary>How and when the site's own versions are measured; default: not.</summary>
    public JobEvaluation Evaluation { get; init; } = new() { Mode = EvaluationMode.None };

    /// <summary>The tier below this one; null where its participants are expected to be devices.</summary>
    public JobTier? Below { get; init; }

    /// <summary>How many rounds a site may run in one round of its parent: no round's number is used for two of them.</summary>
    public static int MostRounds(JobDefinition site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return site.Rounds + site.Autonomy;
    }
}

/// <summary>What becomes of updates that come too late for their round: those that are not too old count less.</summary>
/// <param name="Maximum">How many versions older than the round's own the base of an update may be; 0: no late update is taken.</param>
/// <param name="Exponent">The a in (1 + staleness)⁻ᵃ, by which the number of examples is multiplied (FedBuff: Nguyen et al., 2022: 0.5).</param>
[GenerateSerializer, Immutable, Alias("oe.JobStaleness")]
public sealed record JobStaleness([property: Id(0)] int Maximum, [property: Id(1)] double Exponent)
{
    /// <summary>The exponent where the job file gives none.</summary>
    public const double DefaultExponent = 0.5;

    /// <summary>No late update is taken.</summary>
    public static JobStaleness None { get; } = new(0, DefaultExponent);
}
