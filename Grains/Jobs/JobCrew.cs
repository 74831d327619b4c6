using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Surveys;

namespace OrleansEdge.Grains.Jobs;

/// <summary>A job's participants: who could take part, and what they are asked.</summary>
internal sealed class JobCrew(IGrainFactory grains, TimeProvider time, IOptions<CoordinationOptions> options)
{
    private IFleetGrain Fleet => grains.GetGrain<IFleetGrain>(StorageNames.Fleet);

    /// <summary>Who could take part now, or what is missing.</summary>
    public async Task<(ImmutableArray<ParticipantId> Candidates, string? Waiting)> Candidates(JobDefinition definition, JobState state)
    {
        var (candidates, age) = await Fleet.GetCandidates(definition.Data);
        if (candidates.Length < state.Present && age < options.Value.Liveness)
        {
            // Whoever is back first after a restart must not be the only one to be selected.
            return (candidates, $"{Count(state.Present - candidates.Length, "participant")} of {state.Present} still to come back");
        }

        var needed = Math.Max(definition.Participants.Minimum, 1);
        return candidates.Length >= needed
            ? (candidates, null)
            : (candidates, $"{Count(needed - candidates.Length, "more participant")} with data '{definition.Data}' must join ({candidates.Length} of {needed} are here)");
    }

    /// <summary>Whether nobody is left to wait for: those that have died do not answer.</summary>
    public async Task<bool> IsComplete(JobDefinition definition, SurveyStatus status)
    {
        if (status.IsComplete || status.Answers.IsEmpty)
        {
            return status.IsComplete;
        }

        var (candidates, age) = await Fleet.GetCandidates(definition.Data);
        return age >= options.Value.Liveness && !status.Waiting.Any(candidates.Contains);
    }

    /// <summary>Opens a round. The selection comes before the round, whose trace it belongs to: it is recorded afterwards.</summary>
    public async Task Open(JobDefinition definition, int number, RoundPlan plan, Func<ImmutableArray<ParticipantId>> select, int goal)
    {
        var startedAt = time.GetUtcNow();
        var selected = select();
        var endedAt = time.GetUtcNow();
        var traceParent = await Round(definition, number).Open(plan, selected, goal);
        RoundTrace.Record("select", traceParent, new(definition.Job, number), startedAt, endedAt, selected.Length);
    }

    /// <summary>Asks everyone, or one where that is enough; goes on with what was asked before.</summary>
    /// <returns>How it stands when all have answered; otherwise what it waits for.</returns>
    public async Task<(SurveyStatus? Status, string? Waiting)> Measure(JobDefinition definition, JobState state, EvaluateInstruction instruction)
    {
        var survey = Survey(instruction.Id);
        var status = await survey.GetStatus();
        if (status is null)
        {
            var (candidates, waiting) = await Candidates(definition, state);
            if (waiting is not null)
            {
                return (null, waiting);
            }

            status = await survey.Ask(instruction, instruction.Scope == EvaluationScope.Test ? candidates[..1] : candidates, PatienceOf(definition));
        }

        return await IsComplete(definition, status)
            ? (status, null)
            : (null, $"{Count(status.Waiting.Length, "participant")} still to measure a version");
    }

    /// <summary>Asks for a summary of the data; goes on with what was asked before.</summary>
    /// <returns>How it stands when all have answered; otherwise what it waits for, or that the state must be written first.</returns>
    public async Task<(SurveyStatus? Status, JobStep Step)> Describe(JobDefinition definition, JobState state, JobMemory memory, DescribeInstruction instruction)
    {
        var survey = Survey(instruction.Id);
        var status = await survey.GetStatus();
        if (status is null)
        {
            var (candidates, waiting) = await Candidates(definition, state);
            if (waiting is not null)
            {
                return (null, new(false, waiting));
            }

            memory.Present = candidates.Length;
            if (state.Present != candidates.Length)
            {
                // Written first: asked again after a restart, the same participants give the same constants.
                return (null, new(true));
            }

            status = await survey.Ask(instruction, candidates, PatienceOf(definition));
        }

        return await IsComplete(definition, status)
            ? (status, default)
            : (null, new(false, $"{Count(status.Waiting.Length, "participant")} of {status.Waiting.Length + status.Answers.Length} still to describe their data"));
    }

    /// <summary>
    /// How long a survey waits for answers. Sites need longer than their own participants: the answers of those that are there must not be lost
    /// with the one that hangs, so a tier waits a quarter longer than the one below it.
    /// </summary>
    internal static TimeSpan Patience(JobDefinition definition, TimeSpan ofDevices) =>
        definition.Below is { } below ? Patience(below, ofDevices) * 1.25 : ofDevices;

    private TimeSpan PatienceOf(JobDefinition definition) => Patience(definition, options.Value.SurveyDeadline);

    /// <summary>The first refusal among the answers, in words; null where there is none.</summary>
    public static string? FirstRefusal(SurveyStatus status) => status.Answers
        .Where(answer => answer.Refusal is not null)
        .Select(answer => $"'{answer.Participant}' says: {answer.Refusal}")
        .FirstOrDefault();

    /// <summary>A survey.</summary>
    public ISurveyControl Survey(InstructionId instruction) => grains.GetGrain<ISurveyControl>(SurveyKey.Of(instruction));

    /// <summary>A round.</summary>
    public IRoundControl Round(JobDefinition definition, int number) =>
        grains.GetGrain<IRoundControl>(new RoundKey(definition.Job, number).ToString());

    /// <summary>A number and what is counted.</summary>
    public static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
