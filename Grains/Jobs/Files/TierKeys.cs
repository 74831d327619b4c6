namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>The keys of a job file that have to do with tiers: those that only a tier has, and what becomes of late updates.</summary>
internal static class TierKeys
{
    /// <summary>The list of tiers.</summary>
    public const string List = "tiers";

    /// <summary>The most tiers below the first.</summary>
    public const int Most = 4;

    private const int MostRounds = 1000;
    private const int MostStaleness = 16;

    public static readonly JobKey<int> StalenessMaximum = new("staleness.maximum", new WholeNumber(0, MostStaleness))
    {
        Default = 0,
        Value = job => job.Staleness.Maximum,
        IsWritten = TakesLateUpdates,
        OtherWords = ["max", "limit", "rounds"],
        Summary = "How many versions older than the round's own the base of a late update may be; 0: late updates are not taken",
    };

    public static readonly JobKey<double> StalenessExponent = new("staleness.exponent", new RealNumber(0, 10))
    {
        Default = JobStaleness.DefaultExponent,
        Value = job => job.Staleness.Exponent,
        IsWritten = TakesLateUpdates,
        OtherWords = ["power", "weight"],
        Summary = "A late update counts (1 + staleness) to the power of minus this times as much as one in time",
    };

    public static readonly JobKey<int> Rounds = new("rounds", new WholeNumber(1, MostRounds))
    {
        Default = 1,
        Value = job => job.Rounds,
        OtherWords = ["edgeRounds"],
        Summary = "Rounds of each site in one round of the tier above (κ₂)",
    };

    public static readonly JobKey<int> Autonomy = new("autonomy", new WholeNumber(0, MostRounds))
    {
        Default = 0,
        Value = job => job.Autonomy,
        OtherWords = ["autonomousRounds"],
        Summary = "How many rounds more a site may run by itself while its parent is away",
    };

    public static readonly JobKey<EvaluationMode> Mode = new(JobKeys.Mode.Path,
        new Choice<EvaluationMode>(("federated", EvaluationMode.Federated), ("central", EvaluationMode.Central), ("none", EvaluationMode.None)))
    {
        Default = EvaluationMode.None,
        Value = job => job.Evaluation.Mode,
        OtherWords = JobKeys.Mode.OtherWords,
        Summary = "Who measures the versions of the site itself",
    };

    /// <summary>Left out otherwise, so that a job file of before there were late updates is still the same.</summary>
    private static bool TakesLateUpdates(JobDefinition job) => job.Staleness.Maximum > 0;
}
