using System.Collections.Immutable;

namespace OrleansEdge.Contracts.Data;

/// <summary>What is predicted.</summary>
public enum TaskKind
{
    /// <summary>One of several classes; trained with cross entropy.</summary>
    Classification = 0,

    /// <summary>One number; trained with mean squared error.</summary>
    Regression = 1,
}

/// <summary>The standardisation constants of tabular data, the same for all participants: <c>(x − mean) ÷ deviation</c>.</summary>
/// <param name="Means">One for each feature.</param>
/// <param name="Deviations">One for each feature; 1 where the feature is constant, never 0.</param>
/// <param name="TargetMean">The mean of the target for regression; 0 for classification.</param>
/// <param name="TargetDeviation">The deviation of the target for regression; 1 for classification.</param>
[GenerateSerializer, Immutable, Alias(Aliases.Standardisation)]
public sealed record Standardisation(
    [property: Id(0)] ImmutableArray<double> Means,
    [property: Id(1)] ImmutableArray<double> Deviations,
    [property: Id(2)] double TargetMean,
    [property: Id(3)] double TargetDeviation);

/// <summary>What a job's data look like, fixed once for all participants before the first round.</summary>
/// <param name="Kind">What is predicted.</param>
/// <param name="InputShape">The shape of one example without the batch dimension: <c>[1, 28, 28]</c> or <c>[features]</c>.</param>
/// <param name="Labels">The classes, in ordinal order (numeric labels in numeric order); empty for regression.</param>
/// <param name="Features">The names of the features of tabular data; empty for images.</param>
/// <param name="Standardisation">The constants for tabular data; null for images.</param>
[GenerateSerializer, Immutable, Alias(Aliases.TaskDescription)]
public sealed record TaskDescription(
    [property: Id(0)] TaskKind Kind,
    [property: Id(1)] ImmutableArray<int> InputShape,
    [property: Id(2)] ImmutableArray<string> Labels,
    [property: Id(3)] ImmutableArray<string> Features,
    [property: Id(4)] Standardisation? Standardisation)
{
    /// <summary>The number of outputs of a network for this task: the number of classes, or 1.</summary>
    public int Outputs => Kind == TaskKind.Classification ? Labels.Length : 1;
}

/// <summary>
/// One participant's answer to the <em>describe</em> instruction: counts, sums and sums of squares, never rows. Sums cover the part that
/// the participant trains on.
/// </summary>
/// <param name="Kind">What is predicted.</param>
/// <param name="InputShape">The shape of one example.</param>
/// <param name="Labels">The classes that occur here; empty for regression.</param>
/// <param name="Features">The names of the features of tabular data; empty for images.</param>
/// <param name="Examples">The number of training examples here.</param>
/// <param name="Sums">For tabular data, the sum of each feature, then of the target for regression; empty for images.</param>
/// <param name="SumsOfSquares">As <paramref name="Sums"/>, of squares.</param>
[GenerateSerializer, Immutable, Alias(Aliases.DataSummary)]
public sealed record DataSummary(
    [property: Id(0)] TaskKind Kind,
    [property: Id(1)] ImmutableArray<int> InputShape,
    [property: Id(2)] ImmutableArray<string> Labels,
    [property: Id(3)] ImmutableArray<string> Features,
    [property: Id(4)] long Examples,
    [property: Id(5)] ImmutableArray<double> Sums,
    [property: Id(6)] ImmutableArray<double> SumsOfSquares);
