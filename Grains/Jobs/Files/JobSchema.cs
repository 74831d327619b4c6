namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>A group of keys.</summary>
/// <param name="Path">The path; empty for the file itself.</param>
/// <param name="Shorthand">The key whose value may stand in place of the group (<c>strategy: fedavg</c>); null where there is none.</param>
/// <param name="Summary">What the group is about, without a full stop.</param>
internal sealed record JobSection(string Path, string? Shorthand, string Summary)
{
    public string Name => Path[(Path.LastIndexOf('.') + 1)..];

    public string? Parent => Path.Length == 0 ? null : Path.LastIndexOf('.') is var dot && dot < 0 ? "" : Path[..dot];
}

/// <summary>All keys and sections of a job file, given the strategies that there are.</summary>
internal sealed class JobSchema
{
    public const string DefaultStrategy = "fedavg";
    public const string StrategySection = "strategy";

    private readonly IStrategyDeclarations strategies;

    /// <param name="strategies">The strategies that there are.</param>
    /// <param name="isTier">Whether this is one of the file's tiers and not the file itself.</param>
    public JobSchema(IStrategyDeclarations strategies, bool isTier = false)
    {
        this.strategies = strategies;
        IsTier = isTier;
        Strategy = new(StrategySection + ".name", new Choice<string>([.. strategies.Names.Select(name => (name, name))]))
        {
            Default = DefaultStrategy,
            Value = job => job.Strategy.Name,
            OtherWords = ["kind", "type"],
            Summary = "How updates become the next version; each strategy has options of its own",
        };
        Keys = isTier
            ?
        [
            TierKeys.Rounds, Strategy, JobKeys.PerRound, JobKeys.Fraction, JobKeys.Minimum, JobKeys.OverSelection,
            JobKeys.Quorum, JobKeys.Deadline, JobKeys.OnMissedQuorum, TierKeys.StalenessMaximum, TierKeys.StalenessExponent,
            TierKeys.Autonomy, TierKeys.Mode, JobKeys.Every,
        ]
            :
        [
            JobKeys.Job, JobKeys.Network, JobKeys.Model, JobKeys.From, JobKeys.Data, JobKeys.Task, Strategy, JobKeys.Rounds,
            JobKeys.PerRound, JobKeys.Fraction, JobKeys.Minimum, JobKeys.OverSelection,
            JobKeys.Quorum, JobKeys.Deadline, JobKeys.OnMissedQuorum, TierKeys.StalenessMaximum, TierKeys.StalenessExponent,
            JobKeys.LocalEpochs, JobKeys.LocalSteps, JobKeys.BatchSize,
            JobKeys.Optimiser, JobKeys.LearningRate, JobKeys.Momentum, JobKeys.WeightDecay, JobKeys.Beta1, JobKeys.Beta2,
            JobKeys.Seed, JobKeys.Mode, JobKeys.Every, JobKeys.HeldOut,
        ];
    }

    public static IReadOnlyList<JobSection> Sections { get; } =
    [
        new("", null, "The job"),
        new(StrategySection, "name", "How updates become the next version"),
        new("participants", "perRound", "Who takes part in a round"),
        new("staleness", "maximum", "What becomes of updates that come too late for their round"),
        new("training", null, "How a participant trains in a round"),
        new("training.optimiser", "name", "The optimiser of local training"),
        new("evaluation", "mode", "How and when versions are measured"),
    ];

    public JobKey<string> Strategy { get; }

    /// <summary>Whether this is one of the file's tiers and not the file itself.</summary>
    public bool IsTier { get; }

    /// <summary>What the whole is called where it is refused.</summary>
    public string Subject => IsTier ? "a tier" : "a job file";

    /// <summary>All keys but the strategies' options, in the order of the canonical file.</summary>
    public IReadOnlyList<JobKey> Keys { get; }

    public IEnumerable<JobKey> KeysOf(JobSection section) => Keys.Where(key => key.Section == section.Path);

    /// <summary>The keys for the options of a strategy; empty where there is no such strategy.</summary>
    public IEnumerable<JobKey<double>> OptionsOf(string strategy) =>
        strategies.Names.Contains(strategy) ? strategies.OptionsOf(strategy).Select(OptionKey) : [];

    public IEnumerable<JobSection> SectionsIn(JobSection section) => Sections.Where(
        inner => inner.Parent == section.Path && Keys.Any(key => key.Section == inner.Path || key.Section.StartsWith(inner.Path + ".", StringComparison.Ordinal)));

    private static JobKey<double> OptionKey(StrategyOptionDeclaration option) => new(
        $"{StrategySection}.{option.Name}",
        option.IsInteger ? new WholeOption(option.Minimum, option.Maximum) : new RealNumber(option.Minimum, option.Maximum))
    {
        Default = option.Default,
        Value = job => job.Strategy.Options[option.Name],
        Summary = option.Summary.TrimEnd('.'),
    };
}
