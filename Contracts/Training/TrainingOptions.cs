namespace OrleansEdge.Contracts.Training;

/// <summary>The optimiser of local training.</summary>
public enum OptimiserKind
{
    /// <summary>Stochastic gradient descent, with or without momentum.</summary>
    Sgd = 0,

    /// <summary>Adam (Kingma and Ba, 2015).</summary>
    Adam = 1,
}

/// <summary>The optimiser and its options. Optimiser state never outlives one training instruction.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.OptimiserOptions)]
public sealed record OptimiserOptions
{
    /// <summary>Default: SGD.</summary>
    [Id(0)] public OptimiserKind Kind { get; init; } = OptimiserKind.Sgd;

    /// <summary>The step size, above 0; default 0.05.</summary>
    [Id(1)] public double LearningRate { get; init; } = 0.05;

    /// <summary>SGD's momentum, 0 to below 1; default 0.</summary>
    [Id(2)] public double Momentum { get; init; }

    /// <summary>L2 penalty, 0 or more; default 0.</summary>
    [Id(3)] public double WeightDecay { get; init; }

    /// <summary>Adam's decay of the first moment, 0 to below 1; default 0.9.</summary>
    [Id(4)] public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's decay of the second moment, 0 to below 1; default 0.999.</summary>
    [Id(5)] public double Beta2 { get; init; } = 0.999;
}

/// <summary>How a participant trains in one round.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.TrainingOptions)]
public sealed record TrainingOptions
{
    /// <summary>Passes over the local data, 1 or more; default 1. The data are shuffled before each.</summary>
    [Id(0)] public int Epochs { get; init; } = 1;

    /// <summary>Examples in a step, 1 or more; default 32. The last batch of an epoch may be smaller.</summary>
    [Id(1)] public int BatchSize { get; init; } = 32;

    /// <summary>The optimiser.</summary>
    [Id(2)] public OptimiserOptions Optimiser { get; init; } = new();

    /// <summary>The share of the local data, 0 to below 1, that is held out of training for federated evaluation; default 0.</summary>
    [Id(3)] public double HeldOutShare { get; init; }

    /// <summary>Steps instead of <see cref="Epochs"/>, 1 or more; null for epochs. The data are shuffled anew whenever they are used up.</summary>
    [Id(4)] public int? Steps { get; init; }
}

/// <summary>What a participant measured on its own data: sums and counts, never averages, so that they add up over participants.</summary>
/// <param name="Examples">The number of examples.</param>
/// <param name="LossSum">The sum of the losses of the examples.</param>
/// <param name="Correct">For classification, how many were right; for regression 0.</param>
[GenerateSerializer, Immutable, Alias(Aliases.EvaluationSums)]
public readonly record struct EvaluationSums([property: Id(0)] long Examples, [property: Id(1)] double LossSum, [property: Id(2)] long Correct)
{
    /// <summary>Adds the sums of two participants.</summary>
    public static EvaluationSums operator +(EvaluationSums left, EvaluationSums right) =>
        new(left.Examples + right.Examples, left.LossSum + right.LossSum, left.Correct + right.Correct);

    /// <inheritdoc cref="op_Addition"/>
    public static EvaluationSums Add(EvaluationSums left, EvaluationSums right) => left + right;
}
