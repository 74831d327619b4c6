using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Training;

namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>The keys of a job file, but for the strategy's options, which each strategy declares.</summary>
internal static class JobKeys
{
    public const int MostRounds = 100_000;
    public const int MostParticipants = 100_000;
    public const double SgdLearningRate = 0.05;
    public const double AdamLearningRate = 0.001;

    public static readonly JobKey<JobId> Job = new("job", new Identifier<JobId>(JobId.Parse))
    {
        IsRequired = true,
        Value = job => job.Job,
        OtherWords = ["id", "name"],
        Summary = "The job's id, which no other job of the site has",
    };

    public static readonly JobKey<JobNetwork> Network = new("model", new NetworkName())
    {
        DefaultNote = "the network of `from`; required without `from`",
        Value = job => job.Network!,
        IsWritten = job => job.Network is not null,
        OtherWords = ["network", "net", "architecture", "module"],
        Summary = "The network: built in, or a TorchScript file (its path is relative to the job file, and its own weights are version 0)",
    };

    public static readonly JobKey<ModelName> Model = new("publish", new Identifier<ModelName>(ModelName.Parse))
    {
        DefaultNote = "the job's id",
        Value = job => job.Model,
        OtherWords = ["modelName", "as"],
        Summary = "The name under which versions are published: `publish: digits` makes digits@0, digits@1 and so on",
    };

    public static readonly JobKey<ModelVersionId> From = new("from", new VersionName())
    {
        DefaultNote = "new weights",
        Value = job => job.From!.Value,
        IsWritten = job => job.From is not null,
        OtherWords = ["version", "base", "start", "initial"],
        Summary = "The published version whose weights the first round begins with",
    };

    public static readonly JobKey<DataName> Data = new("data", new Identifier<DataName>(DataName.Parse))
    {
        IsRequired = true,
        Value = job => job.Data,
        OtherWords = ["dataset"],
        Summary = "The name under which participants offer the data (`EdgeAgent -- join --data NAME=SPEC`)",
    };

    public static readonly JobKey<TaskKind> Task = new("task",
        new Choice<TaskKind>(("classification", TaskKind.Classification), ("regression", TaskKind.Regression)))
    {
        DefaultNote = "as the data say",
        Value = job => job.Task!.Value,
        IsWritten = job => job.Task is not null,
        Summary = "What is predicted; data of the other kind are refused",
    };

    public static readonly JobKey<int> Rounds = new("rounds", new WholeNumber(1, MostRounds))
    {
        IsRequired = true,
        Value = job => job.Rounds,
        Summary = "The number of rounds",
    };

    public static readonly JobKey<int?> PerRound = new("participants.perRound", new CountOrAll(1, MostParticipants))
    {
        Default = null,
        Value = job => job.Participants.PerRound,
        IsWritten = job => job.Participants.Fraction is null,
        OtherWords = ["count", "number"],
        Summary = "How many updates a round counts on; `all`: one from everyone who is present",
    };

    public static readonly JobKey<double> Fraction = new("participants.fraction", new RealNumber(0.0001, 1))
    {
        DefaultNote = "unused",
        Value = job => job.Participants.Fraction!.Value,
        IsWritten = job => job.Participants.Fraction is not null,
        OtherWords = ["share"],
        Summary = "Instead of `perRound`: the share of those present, rounded up",
    };

    public static readonly JobKey<int> Minimum = new("participants.minimum", new WholeNumber(1, MostParticipants))
    {
        DefaultNote = "`perRound`; with `all` or a fraction, as few as give the quorum and the strategy enough updates",
        Value = job => job.Participants.Minimum,
        OtherWords = ["min", "present"],
        Summary = "How many must be present before a round opens",
    };

    public static readonly JobKey<double> OverSelection = new("participants.overSelection", new RealNumber(1, 10))
    {
        Default = 1,
        Value = job => job.Participants.OverSelection,
        Summary = "How many times as many are asked as are counted on, rounded up; the first to commit are taken",
    };

    public static readonly JobKey<int?> Quorum = new("quorum", new CountOrAll(1, MostParticipants))
    {
        Default = null,
        Value = job => job.Quorum,
        Summary = "How many updates a round needs at its deadline, or else `onMissedQuorum` holds; `all`: as many as it counts on",
    };

    public static readonly JobKey<TimeSpan> Deadline = new("deadline", new Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)))
    {
        Default = TimeSpan.FromMinutes(5),
        Value = job => job.Deadline,
        OtherWords = ["timeout"],
        Summary = "The time from the opening of a round to its deadline",
    };

    public static readonly JobKey<MissedQuorum> OnMissedQuorum = new("onMissedQuorum",
        new Choice<MissedQuorum>(("extend", MissedQuorum.Extend), ("skip", MissedQuorum.Skip), ("fail", MissedQuorum.Fail)))
    {
        Default = MissedQuorum.Extend,
        Value = job => job.OnMissedQuorum,
        Summary = "At a deadline without a quorum: extend the round by another deadline, skip to the next round without a version, or fail the job",
    };

    public static readonly JobKey<int> LocalEpochs = new("training.localEpochs", new WholeNumber(1, 10_000))
    {
        Default = 1,
        Value = job => job.Training.Epochs,
        IsWritten = job => job.Training.Steps is null,
        OtherWords = ["epochs"],
        Summary = "Passes over the local data in a round",
    };

    public static readonly JobKey<int> LocalSteps = new("training.localSteps", new WholeNumber(1, 1_000_000))
    {
        DefaultNote = "unused",
        Value = job => job.Training.Steps!.Value,
        IsWritten = job => job.Training.Steps is not null,
        OtherWords = ["steps", "iterations"],
        Summary = "Instead of `localEpochs`: steps in a round (κ₁); the data are shuffled anew whenever they are used up",
    };

    public static readonly JobKey<int> BatchSize = new("training.batchSize", new WholeNumber(1, 1_000_000))
    {
        Default = 32,
        Value = job => job.Training.BatchSize,
        OtherWords = ["batch"],
        Summary = "Examples in a step; the last batch of an epoch may be smaller",
    };

    public static readonly JobKey<OptimiserKind> Optimiser = new("training.optimiser.name",
        new Choice<OptimiserKind>(("sgd", OptimiserKind.Sgd), ("adam", OptimiserKind.Adam)))
    {
        Default = OptimiserKind.Sgd,
        Value = job => job.Training.Optimiser.Kind,
        OtherWords = ["kind", "type"],
        Summary = "The optimiser of local training; its state never outlives a round",
    };

    public static readonly JobKey<double> LearningRate = new("training.optimiser.learningRate", new RealNumber(0, 1000, aboveMinimum: true))
    {
        DefaultNote = FormattableString.Invariant($"{SgdLearningRate} for sgd, {AdamLearningRate} for adam"),
        Value = job => job.Training.Optimiser.LearningRate,
        OtherWords = ["lr", "rate", "stepSize"],
        Summary = "The step size",
    };

    public static readonly JobKey<double> Momentum = new("training.optimiser.momentum", new RealNumber(0, 1, belowMaximum: true))
    {
        Default = 0,
        Value = job => job.Training.Optimiser.Momentum,
        IsWritten = job => job.Training.Optimiser.Kind == OptimiserKind.Sgd,
        Summary = "The momentum of sgd",
    };

    public static readonly JobKey<double> WeightDecay = new("training.optimiser.weightDecay", new RealNumber(0, 1))
    {
        Default = 0,
        Value = job => job.Training.Optimiser.WeightDecay,
        OtherWords = ["l2", "decay"],
        Summary = "The L2 penalty",
    };

    public static readonly JobKey<double> Beta1 = new("training.optimiser.beta1", new RealNumber(0, 1, belowMaximum: true))
    {
        Default = 0.9,
        Value = job => job.Training.Optimiser.Beta1,
        IsWritten = job => job.Training.Optimiser.Kind == OptimiserKind.Adam,
        Summary = "The decay of the first moment of adam",
    };

    public static readonly JobKey<double> Beta2 = new("training.optimiser.beta2", new RealNumber(0, 1, belowMaximum: true))
    {
        Default = 0.999,
        Value = job => job.Training.Optimiser.Beta2,
        IsWritten = job => job.Training.Optimiser.Kind == OptimiserKind.Adam,
        Summary = "The decay of the second moment of adam",
    };

    public static readonly JobKey<ulong> Seed = new("seed", new SeedNumber())
    {
        Default = 0,
        Value = job => job.Seed,
        OtherWords = ["randomSeed"],
        Summary = "Seeds everything random: the same seed, file and data give the same weights",
    };

    public static readonly JobKey<EvaluationMode> Mode = new("evaluation.mode",
        new Choice<EvaluationMode>(("federated", EvaluationMode.Federated), ("central", EvaluationMode.Central), ("none", EvaluationMode.None)))
    {
        Default = EvaluationMode.Federated,
        Value = job => job.Evaluation.Mode,
        OtherWords = ["kind", "type"],
        Summary = "Who measures a version: each participant on what it holds out, one participant on the test set of its data, or nobody",
    };

    public static readonly JobKey<int> Every = new("evaluation.every", new WholeNumber(1, MostRounds))
    {
        Default = 1,
        Value = job => job.Evaluation.Every,
        OtherWords = ["interval", "rounds"],
        Summary = "Measure after every so many rounds; the last is always measured",
    };

    public static readonly JobKey<double> HeldOut = new("evaluation.heldOut", new RealNumber(0, 1, belowMaximum: true))
    {
        Default = 0.1,
        DefaultNote = "0.1 with `mode: federated`, otherwise 0",
        Value = job => job.Training.HeldOutShare,
        IsWritten = job => job.Evaluation.Mode == EvaluationMode.Federated || job.Training.HeldOutShare > 0,
        OtherWords = ["holdOut", "testShare", "share"],
        Summary = "The share of each participant's data that is kept out of training to measure on",
    };
}
