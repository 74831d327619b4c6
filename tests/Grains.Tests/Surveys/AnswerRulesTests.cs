using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Training;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Surveys;

namespace OrleansEdge.Grains.Tests.Surveys;

public sealed class AnswerRulesTests
{
    private static readonly DataSummary Good = new(TaskKind.Classification, [2], ["a", "b"], ["x", "y"], 10, [1, 2], [3, 4]);

    public static TheoryData<string> Summaries => [.. BadSummaries.Keys];

    private static Dictionary<string, DataSummary> BadSummaries => new()
    {
        ["no shape"] = Good with { InputShape = default },
        ["an impossible shape"] = Good with { InputShape = [0] },
        ["a shape without end"] = Good with { InputShape = [.. Enumerable.Repeat(1, 100)] },
        ["no labels"] = Good with { Labels = default },
        ["a label that is nothing"] = Good with { Labels = [null!] },
        ["a label that is a book"] = Good with { Labels = [new('a', 1 << 20)] },
        ["too many labels"] = Good with { Labels = [.. Enumerable.Repeat("a", AnswerRules.MaximumNames + 1)] },
        ["no features"] = Good with { Features = default },
        ["no sums"] = Good with { Sums = default },
        ["no sums of squares"] = Good with { SumsOfSquares = default },
        ["too many sums"] = Good with { Sums = ImmutableArray.Create(new double[AnswerRules.MaximumNames + 2]) },
        ["an unknown task"] = Good with { Kind = (TaskKind)77 },
    };

    [Fact]
    public void A_whole_answer_is_kept_as_it_is()
    {
        Assert.Equal(Good, AnswerRules.Accept(Answer(Good)).Summary);
        var sums = new EvaluationSums(10, double.PositiveInfinity, 3);
        Assert.Equal(sums, AnswerRules.Accept(Answer(null, sums)).Evaluation);
    }

    [Theory]
    [MemberData(nameof(Summaries))]
    public void A_description_counts_as_a_refusal_for(string fault)
    {
        var accepted = AnswerRules.Accept(Answer(BadSummaries[fault]));
        Assert.Null(accepted.Summary);
        Assert.NotNull(accepted.Refusal);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(10, 11)]
    [InlineData(10, -1)]
    public void A_measurement_that_cannot_be_counts_as_a_refusal(long examples, long correct)
    {
        var accepted = AnswerRules.Accept(Answer(null, new(examples, 1, correct)));
        Assert.Null(accepted.Evaluation);
        Assert.NotNull(accepted.Refusal);
    }

    [Fact]
    public void A_reason_is_short_and_stays_on_its_line()
    {
        var reason = AnswerRules.Accept(Answer(null, null, "no\r\n2026-01-01 crit: all is lost\u001b[2J" + new string('a', 1 << 20))).Refusal!;
        Assert.InRange(reason.Length, 1, ForeignText.MaximumSentence + 1);
        Assert.DoesNotContain(reason, char.IsControl);
    }

    private static SurveyAnswer Answer(DataSummary? summary, EvaluationSums? sums = null, string? refusal = null) =>
        new(ParticipantId.Parse("a"), default, summary, sums, refusal);
}
