using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Training;

namespace OrleansEdge.Contracts.Rounds;

/// <summary>A participant's answer to <em>describe</em> or <em>evaluate</em>.</summary>
/// <param name="Participant">Who answers.</param>
/// <param name="Instruction">What is answered.</param>
/// <param name="Summary">The answer to <em>describe</em>.</param>
/// <param name="Evaluation">The answer to <em>evaluate</em>.</param>
/// <param name="Refusal">One sentence when the participant cannot answer.</param>
[GenerateSerializer, Immutable, Alias(Aliases.SurveyAnswer)]
public sealed record SurveyAnswer(
    [property: Id(0)] ParticipantId Participant,
    [property: Id(1)] InstructionId Instruction,
    [property: Id(2)] DataSummary? Summary,
    [property: Id(3)] EvaluationSums? Evaluation,
    [property: Id(4)] string? Refusal) : INamesParticipant;

/// <summary>
/// Asks several participants for a small answer and collects sums; the key is a <see cref="RoundKey"/> followed by
/// <c>:describe</c> or <c>:evaluate</c>.
/// </summary>
[Alias("oe.ISurveyGrain")]
public interface ISurveyGrain : IGrainWithStringKey
{
    /// <summary>Gives an answer. Idempotent; an answer that nobody waits for is ignored.</summary>
    [Alias("Answer"), CallableBy(Callers.Participant, ActingFor = ActingFor.FirstArgument)]
    Task Answer(SurveyAnswer answer);
}
