using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Training;
using OrleansEdge.Grains.Coordination;

namespace OrleansEdge.Grains.Surveys;

/// <summary>What a participant may answer. What cannot be summed up counts as the refusal that it is.</summary>
internal static class AnswerRules
{
    /// <summary>The most classes or features of a data set.</summary>
    public const int MaximumNames = 1 << 16;

    private const int MaximumDimensions = 8;
    private const int MaximumName = 1024;

    /// <summary>The answer as it can be kept.</summary>
    public static SurveyAnswer Accept(SurveyAnswer answer) => answer switch
    {
        { Summary: { } summary } when !IsWhole(summary) => Refused(answer, "its description of its data is not whole, or has too many or too long names."),
        { Evaluation: { } sums } when !IsPossible(sums) => Refused(answer, "its measurement counts fewer than no examples, or more right than there are."),
        { Refusal: { } refusal } => Refused(answer, ForeignText.Sentence(refusal)),
        _ => answer,
    };

    private static SurveyAnswer Refused(SurveyAnswer answer, string reason) => answer with { Summary = null, Evaluation = null, Refusal = reason };

    private static bool IsWhole(DataSummary summary) =>
        Enum.IsDefined(summary.Kind) && !summary.InputShape.IsDefault && summary.InputShape.Length <= MaximumDimensions && summary.InputShape.All(size => size > 0)
        && AreNames(summary.Labels) && AreNames(summary.Features)
        && summary.Sums is { IsDefault: false, Length: <= MaximumNames + 1 } && summary.SumsOfSquares is { IsDefault: false, Length: <= MaximumNames + 1 };

    private static bool AreNames(ImmutableArray<string> names) =>
        !names.IsDefault && names.Length <= MaximumNames && names.All(name => name is { Length: <= MaximumName });

    private static bool IsPossible(EvaluationSums sums) => sums.Examples >= 0 && sums.Correct >= 0 && sums.Correct <= sums.Examples;
}
