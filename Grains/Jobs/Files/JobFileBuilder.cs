using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Training;

namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>Makes the definition of values that fit one by one: fills in defaults and reports values that do not fit together.</summary>
internal sealed class JobFileBuilder(JobFileValues values, JobSchema schema, IStrategyDeclarations strategies, JobFileErrors errors)
{
    /// <param name="isOfTier">Whether a site wrote it for the tier below.</param>
    /// <exception cref="JobFileException">The file has faults, found here or before.</exception>
    public JobDefinition Build(bool isOfTier)
    {
        CheckNetwork();
        CheckOptimiser();
        if (!isOfTier)
        {
            CheckEvaluation();
        }

        CheckTraining();
        var (strategy, participants) = ReadCrew();
        var tier = values.Tiers is { } tiers ? TierReader.Read(
            tiers, holdsOut: ReadTraining().HeldOutShare > 0, strategies, errors) : null;
        errors.ThrowIfAny();
        return Assemble(strategy!, participants!, tier);
    }

    /// <summary>One of the file's tiers.</summary>
    /// <returns>Null where a fault of it is reported.</returns>
    public JobTier? BuildTier()
    {
        var (strategy, participants) = ReadCrew();
        return strategy is null || participants is null ? null : new()
        {
            Rounds = values.Get(TierKeys.Rounds),
            Strategy = strategy,
            Participants = participants,
            Quorum = values.Get(JobKeys.Quorum),
            Deadline = values.Get(JobKeys.Deadline),
            OnMissedQuorum = values.Get(JobKeys.OnMissedQuorum),
            Staleness = ReadStaleness(),
            Autonomy = values.Get(TierKeys.Autonomy),
            Evaluation = new() { Mode = values.Get(TierKeys.Mode), Every = values.Get(JobKeys.Every) },
        };
    }

    /// <summary>Who takes part and how updates become a version; nulls where a fault is reported.</summary>
    private (JobStrategy? Strategy, JobParticipants? Participants) ReadCrew()
    {
        var strategy = ReadStrategy();
        var strategyMinimum = strategy is null ? 1 : strategies.MinimumContributions(strategy.Name, strategy.Options);
        var participants = ReadParticipants(strategyMinimum);
        if (participants is not null && strategy is not null && values.AreSound(JobKeys.Quorum))
        {
            CheckQuorum(participants, strategy, strategyMinimum);
        }

        return (strategy, participants);
    }

    private JobDefinition Assemble(JobStrategy strategy, JobParticipants participants, JobTier? tier) => new()
    {
        Job = values.Get(JobKeys.Job),
        Data = values.Get(JobKeys.Data),
        Model = values.IsGiven(JobKeys.Model) ? values.Get(JobKeys.Model) : ModelName.Parse(values.Get(JobKeys.Job).Value),
        Network = values.Get(JobKeys.Network),
        From = values.IsGiven(JobKeys.From) ? values.Get(JobKeys.From) : null,
        Task = values.IsGiven(JobKeys.Task) ? values.Get(JobKeys.Task) : null,
        Strategy = strategy,
        Rounds = values.Get(JobKeys.Rounds),
        Participants = participants,
        Quorum = values.Get(JobKeys.Quorum),
        Deadline = values.Get(JobKeys.Deadline),
        OnMissedQuorum = values.Get(JobKeys.OnMissedQuorum),
        Staleness = ReadStaleness(),
        Tier = tier,
        Training = ReadTraining(),
        Seed = values.Get(JobKeys.Seed),
        Evaluation = new() { Mode = values.Get(JobKeys.Mode), Every = values.Get(JobKeys.Every) },
    };

    private JobStaleness ReadStaleness() => new(values.Get(TierKeys.StalenessMaximum), values.Get(TierKeys.StalenessExponent));

    private TrainingOptions ReadTraining()
    {
        var kind = values.Get(JobKeys.Optimiser);
        return new()
        {
            Epochs = values.Get(JobKeys.LocalEpochs),
            Steps = values.IsGiven(JobKeys.LocalSteps) ? values.Get(JobKeys.LocalSteps) : null,
            BatchSize = values.Get(JobKeys.BatchSize),
            HeldOutShare = values.IsGiven(JobKeys.HeldOut) || values.Get(JobKeys.Mode) == EvaluationMode.Federated ? values.Get(JobKeys.HeldOut) : 0,
            Optimiser = new()
            {
                Kind = kind,
                LearningRate = values.IsGiven(JobKeys.LearningRate) ? values.Get(JobKeys.LearningRate)
                    : kind == OptimiserKind.Adam ? JobKeys.AdamLearningRate : JobKeys.SgdLearningRate,
                Momentum = values.Get(JobKeys.Momentum),
                WeightDecay = values.Get(JobKeys.WeightDecay),
                Beta1 = values.Get(JobKeys.Beta1),
                Beta2 = values.Get(JobKeys.Beta2),
            },
        };
    }

    private JobStrategy? ReadStrategy()
    {
        var name = values.Get(schema.Strategy);
        var options = schema.OptionsOf(name).ToList();
        return values.AreSound(schema.Strategy) && options.TrueForAll(option => values.AreSound(option))
            ? new(name, options.ToImmutableSortedDictionary(option => option.Name, values.Get, StringComparer.Ordinal))
            : null;
    }

    /// <summary>The participants, or null where a fault of theirs is reported.</summary>
    private JobParticipants? ReadParticipants(int strategyMinimum)
    {
        if (values.IsGiven(JobKeys.PerRound) && values.IsGiven(JobKeys.Fraction))
        {
            errors.Add(values.LineOf(JobKeys.Fraction), "'participants.perRound' and 'participants.fraction' exclude each other: keep one of them");
            return null;
        }

        if (!values.AreSound(JobKeys.PerRound, JobKeys.Fraction, JobKeys.Minimum, JobKeys.OverSelection, JobKeys.Quorum))
        {
            return null;
        }

        double? fraction = values.IsGiven(JobKeys.Fraction) ? values.Get(JobKeys.Fraction) : null;
        var perRound = fraction is null ? values.Get(JobKeys.PerRound) : null;
        var fewest = JobParticipants.PresentFor(fraction ?? 1, Math.Max(strategyMinimum, values.Get(JobKeys.Quorum) ?? 1));
        var participants = new JobParticipants
        {
            PerRound = perRound,
            Fraction = fraction,
            Minimum = values.IsGiven(JobKeys.Minimum) ? values.Get(JobKeys.Minimum) : perRound ?? Math.Min(fewest, JobKeys.MostParticipants),
            OverSelection = values.Get(JobKeys.OverSelection),
        };
        if (participants is { OverSelection: > 1, PerRound: null, Fraction: null })
        {
            errors.Add(values.LineOf(JobKeys.OverSelection),
                "'participants.overSelection' asks spare participants, and a round with all has none: " +
                "set 'participants.perRound' to a number or 'participants.fraction'");
        }

        return participants;
    }

    private void CheckNetwork()
    {
        if (!values.IsGiven(JobKeys.Network) && !values.IsGiven(JobKeys.From) && values.AreSound(JobKeys.Network, JobKeys.From))
        {
            errors.Add(values.LineOf(), $"'model' is missing: it must be {JobKeys.Network.Kind.Description}; " +
                "or give 'from: NAME@NUMBER' to go on from a published version");
        }
    }

    private void CheckTraining()
    {
        if (values.IsGiven(JobKeys.LocalEpochs) && values.IsGiven(JobKeys.LocalSteps))
        {
            errors.Add(values.LineOf(JobKeys.LocalSteps), "'training.localEpochs' and 'training.localSteps' exclude each other: keep one of them");
        }
    }

    private void CheckOptimiser()
    {
        if (!values.AreSound(JobKeys.Optimiser))
        {
            return;
        }

        JobKey[] foreign = values.Get(JobKeys.Optimiser) == OptimiserKind.Sgd ? [JobKeys.Beta1, JobKeys.Beta2] : [JobKeys.Momentum];
        foreach (var key in foreign.Where(key => values.IsGiven(key)))
        {
            var (wrong, right) = key == JobKeys.Momentum ? ("adam", "sgd") : ("sgd", "adam");
            errors.Add(values.LineOf(key), $"'{key.Path}' belongs to the optimiser {right}, and this one is {wrong}: leave it out");
        }
    }

    private void CheckEvaluation()
    {
        if (!values.IsGiven(JobKeys.HeldOut) || !values.AreSound(JobKeys.Mode))
        {
            return;
        }

        var isFederated = values.Get(JobKeys.Mode) == EvaluationMode.Federated;
        var share = values.Get(JobKeys.HeldOut);
        if (isFederated && share == 0)
        {
            errors.Add(values.LineOf(JobKeys.HeldOut),
                "'evaluation.heldOut' must be above 0 for federated evaluation, or 'evaluation.mode' central or none");
        }
        else if (!isFederated && share > 0)
        {
            errors.Add(values.LineOf(JobKeys.HeldOut),
                "'evaluation.heldOut' is used by federated evaluation only: leave it out, or set 'evaluation.mode: federated'");
        }
    }

    private void CheckQuorum(JobParticipants participants, JobStrategy strategy, int strategyMinimum)
    {
        var quorum = values.Get(JobKeys.Quorum);
        var fewestWanted = participants.Wanted(participants.Minimum);
        if (quorum > participants.PerRound)
        {
            errors.Add(values.LineOf(JobKeys.Quorum),
                $"'quorum' must be at most {participants.PerRound} ('participants.perRound') or 'all', not {quorum}");
            return;
        }

        if (quorum > fewestWanted)
        {
            var share = participants.Fraction is { } fraction
                ? FormattableString.Invariant($" of which a round counts on a share of {fraction}")
                : "";
            var least = JobParticipants.PresentFor(participants.Fraction ?? 1, quorum.Value);
            errors.Add(values.LineOf(JobKeys.Minimum, JobKeys.Quorum),
                $"'participants.minimum' must be at least {least}, not {participants.Minimum}: " +
                $"a round opens with that many present,{share} and needs a 'quorum' of {quorum}");
            return;
        }

        if ((quorum ?? fewestWanted) < strategyMinimum)
        {
            var options = string.Join(", ", strategy.Options.Select(pair => FormattableString.Invariant($"{pair.Key}: {pair.Value}")));
            var subject = options.Length == 0 ? strategy.Name : $"{strategy.Name} ({options})";
            var least = JobParticipants.PresentFor(participants.Fraction ?? 1, strategyMinimum);
            var remedy = quorum is not null ? $"raise 'quorum' to {strategyMinimum} or more"
                : participants.PerRound < strategyMinimum
                    ? $"raise 'participants.perRound' and 'participants.minimum' to {strategyMinimum} or more"
                : $"raise 'participants.minimum' to {least} or more";
            errors.Add(values.LineOf(JobKeys.Quorum, JobKeys.Minimum, JobKeys.PerRound, schema.Strategy),
                $"{subject} needs at least {strategyMinimum} updates, and a round may close with {quorum ?? fewestWanted}: {remedy}");
        }
    }
}
