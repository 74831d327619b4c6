using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Grains.Surveys;

/// <summary>How a job drives a survey.</summary>
[Alias("oe.ISurveyControl"), CallableBy(Callers.Site)]
internal interface ISurveyControl : IGrainWithStringKey
{
    /// <summary>Asks the participants, unless that has been done in this activation's life; answers how it stands.</summary>
    /// <param name="instruction">What is asked.</param>
    /// <param name="participants">Who is asked.</param>
    /// <param name="patience">How long they have; zero, which a silo of an earlier release says, for as long as devices have.</param>
    [Alias("Ask")]
    Task<SurveyStatus> Ask(Instruction instruction, ImmutableArray<ParticipantId> participants, TimeSpan patience);

    /// <summary>How it stands; null if nobody has been asked (or the memory of it is lost).</summary>
    [Alias("GetStatus")]
    ValueTask<SurveyStatus?> GetStatus();

    /// <summary>Takes the instruction back from everyone and forgets the answers.</summary>
    [Alias("End")]
    Task End();
}

/// <summary>How a survey stands.</summary>
/// <param name="IsComplete">Whether everyone has answered or refused, or the deadline has passed.</param>
/// <param name="Answers">The answers so far, refusals included, in the order of ids.</param>
/// <param name="Waiting">Who has not answered.</param>
[GenerateSerializer, Immutable, Alias("oe.SurveyStatus")]
internal sealed record SurveyStatus(
    [property: Id(0)] bool IsComplete,
    [property: Id(1)] ImmutableArray<SurveyAnswer> Answers,
    [property: Id(2)] ImmutableArray<ParticipantId> Waiting);

/// <summary>Names a survey: a round and what is asked.</summary>
internal static class SurveyKey
{
    /// <summary>The grain's key.</summary>
    public static string Of(InstructionId instruction) => instruction.Kind switch
    {
        InstructionKind.Describe => $"{instruction.Round}:describe",
        InstructionKind.Evaluate => $"{instruction.Round}:evaluate",
        _ => throw new ArgumentException($"'{instruction}' is not answered to a survey.", nameof(instruction)),
    };

    /// <summary>The job that asks.</summary>
    public static JobId JobOf(string key) => JobId.Parse(key.Split(':')[0]);
}
