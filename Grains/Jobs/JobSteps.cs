using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Training;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Data;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Selection;
using OrleansEdge.Grains.Surveys;

namespace OrleansEdge.Grains.Jobs;

/// <summary>What a step came to.</summary>
/// <param name="Changed">Whether the state was changed and must be written before anything else is done.</param>
/// <param name="Waiting">One sentence that says what the job waits for.</param>
internal readonly record struct JobStep(bool Changed, string? Waiting = null);

/// <summary>A job cannot go on. The message is one sentence for a person.</summary>
internal sealed class JobFailedException(string message) : Exception(message);

/// <summary>The steps of a job: each looks at the written state, does or continues what it asks for, and says what to write next.</summary>
internal sealed class JobSteps(IGrainFactory grains, JobRecords records, TimeProvider time, IOptions<CoordinationOptions> options)
{
    private IFleetGrain Fleet => grains.GetGrain<IFleetGrain>(StorageNames.Fleet);

    /// <summary>Takes the next step.</summary>
    /// <param name="definition">The job.</param>
    /// <param name="state">A copy of what is written; changed here, to be written by the caller.</param>
    /// <param name="memory">What may be forgotten.</param>
    /// <exception cref="JobFailedException">The job cannot go on.</exception>
    public Task<JobStep> Take(JobDefinition definition, JobState state, JobMemory memory) => state.Phase switch
    {
        JobPhase.Describing => Describe(definition, state, memory),
        JobPhase.Initialising => Initialise(definition, state, memory),
        JobPhase.Training => Train(definition, state, memory),
        JobPhase.Evaluating => Evaluate(definition, state),
        _ => Task.FromResult(new JobStep(false)),
    };

    /// <summary>Takes back what participants have not done.</summary>
    public async Task Release(JobDefinition definition, int round)
    {
        await Survey(new(new(definition.Job, 0), InstructionKind.Describe)).End();
        await Survey(new(new(definition.Job, round), InstructionKind.Evaluate)).End();
    }

    private async Task<JobStep> Describe(JobDefinition definition, JobState state, JobMemory memory)
    {
        var instruction = JobPlanner.Describe(definition);
        var survey = Survey(instruction.Id);
        var status = await survey.GetStatus();
        if (status is null)
        {
            var (candidates, waiting) = await Candidates(definition, state);
            if (waiting is not null)
            {
                return new(false, waiting);
            }

            memory.Present = candidates.Length;
            if (state.Present != candidates.Length)
            {
                // Written first: asked again after a restart, the same participants give the same constants.
                return new(true);
            }

            status = await survey.Ask(instruction, candidates);
        }

        if (!await IsComplete(definition, status))
        {
            return new(false, $"{Count(status.Waiting.Length, "participant")} of {status.Waiting.Length + status.Answers.Length} still to describe their data");
        }

        var summaries = status.Answers.Where(answer => answer.Summary is not null)
            .ToDictionary(answer => answer.Participant, answer => answer.Summary!);
        if (summaries.Count == 0)
        {
            var refusal = status.Answers.FirstOrDefault(answer => answer.Refusal is not null);
            throw new JobFailedException(refusal is null
                ? $"no participant described its data '{definition.Data}' in time."
                : $"no participant can use its data '{definition.Data}'; '{refusal.Participant}' says: {refusal.Refusal}");
        }

        var task = CombineSummaries(definition, summaries);
        state.Task = await records.PutTask(task);
        await survey.End();
        if (definition.From is not { } from)
        {
            state.Phase = JobPhase.Initialising;
            return new(true);
        }

        var record = await FindBase(from);
        state.Head = new(record.Id, record.Manifest);
        state.Source = record.Source;
        NextRound(state);
        return new(true);
    }

    private async Task<VersionRecord> FindBase(ModelVersionId from)
    {
        try
        {
            return await grains.GetGrain<IModelGrain>(from.Model.Value).Find(from.Number)
                ?? throw new JobFailedException($"there is no version '{from}' to start from: 'models show {from.Model}' lists what there is.");
        }
        catch (VersionPrunedException exception)
        {
            throw new JobFailedException(exception.Message);
        }
    }

    private static TaskDescription CombineSummaries(JobDefinition definition, Dictionary<ParticipantId, DataSummary> summaries)
    {
        try
        {
            var task = StandardisationFold.Combine(summaries);
            return definition.Task is null || definition.Task == task.Kind
                ? task
                : throw new JobFailedException($"the job file says 'task: {definition.Task}' and the data '{definition.Data}' are for {task.Kind}.".ToLowerInvariant());
        }
        catch (DataSummaryException exception)
        {
            throw new JobFailedException(exception.Message);
        }
    }

    private async Task<JobStep> Initialise(JobDefinition definition, JobState state, JobMemory memory)
    {
        if (state.Source is null)
        {
            state.Source = JobPlanner.SourceOf(definition, state.TorchScript);
            return new(true);
        }

        var plan = JobPlanner.Initialise(definition, state.Source, state.Task!.Value);
        var round = Round(definition, 0);
        if (!await round.Resume(plan))
        {
            var (candidates, waiting) = await Candidates(definition, state);
            if (waiting is not null)
            {
                return new(false, waiting);
            }

            var able = candidates.RemoveAll(memory.CannotInitialise.ContainsKey);
            if (able.IsEmpty)
            {
                var (participant, reason) = memory.CannotInitialise.First();
                throw new JobFailedException($"no participant can make the first version; '{participant}' says: {reason}");
            }

            memory.Present = candidates.Length;
            await Open(definition, 0, plan, () => able[..1], goal: 1);
        }

        return new(false, "a participant makes version 0");
    }

    private async Task<JobStep> Train(JobDefinition definition, JobState state, JobMemory memory)
    {
        var plan = JobPlanner.Train(definition, state.Round, state.Head!, state.Source!, state.Task!.Value);
        var round = Round(definition, state.Round);
        if (await round.Resume(plan))
        {
            return new(false);
        }

        if (state.Paused)
        {
            return new(false, "an operator has paused the job; 'jobs resume' goes on");
        }

        var (candidates, waiting) = await Candidates(definition, state);
        if (waiting is not null)
        {
            return new(false, waiting);
        }

        memory.Present = candidates.Length;
        await Open(definition, state.Round, plan, () => UniformSelection.Draw(
            candidates, definition.Participants.Asked(candidates.Length), DerivedSeed.Of(definition.Seed, "selection"), state.Round),
            definition.Participants.Wanted(candidates.Length));
        return new(false);
    }

    /// <summary>The selection comes before the round, whose trace it belongs to: it is recorded afterwards.</summary>
    private async Task Open(JobDefinition definition, int number, RoundPlan plan, Func<ImmutableArray<ParticipantId>> select, int goal)
    {
        var startedAt = time.GetUtcNow();
        var selected = select();
        var endedAt = time.GetUtcNow();
        var traceParent = await Round(definition, number).Open(plan, selected, goal);
        RoundTrace.Record("select", traceParent, new(definition.Job, number), startedAt, endedAt, selected.Length);
    }

    private async Task<JobStep> Evaluate(JobDefinition definition, JobState state)
    {
        var outcome = state.Outcome!;
        if (state.Round > 0 && outcome.Version is not null && definition.Evaluation.IsDue(state.Round, definition.Rounds))
        {
            var instruction = JobPlanner.Evaluate(definition, state.Round, state.Head!, state.Source!, state.Task!.Value, outcome.TraceParent);
            var status = await Survey(instruction.Id).GetStatus();
            if (status is null)
            {
                var (candidates, waiting) = await Candidates(definition, state);
                if (waiting is not null)
                {
                    return new(false, waiting);
                }

                status = await Survey(instruction.Id).Ask(
                    instruction, definition.Evaluation.Mode == EvaluationMode.Central ? candidates[..1] : candidates);
            }

            if (!await IsComplete(definition, status))
            {
                return new(false, $"{Count(status.Waiting.Length, "participant")} still to measure version {state.Head!.Id}");
            }

            var evaluation = Summarise(status.Answers, await records.ReadTask(state.Task!.Value));
            state.Evaluation = evaluation ?? state.Evaluation;
            await WriteRecord(definition, state, evaluation, evaluation is null ? FirstRefusal(status) : null);
            await Survey(instruction.Id).End();
        }
        else
        {
            await WriteRecord(definition, state, null);
        }

        NextRound(state);
        if (state.Round > definition.Rounds)
        {
            state.Round = definition.Rounds;
            state.Phase = JobPhase.Completed;
        }

        return new(true);
    }

    private static void NextRound(JobState state)
    {
        state.Outcome = null;
        state.Round++;
        state.Phase = JobPhase.Training;
    }

    /// <summary>The mean over all examples that were measured; null if there are none.</summary>
    internal static Evaluation? Summarise(ImmutableArray<SurveyAnswer> answers, TaskDescription task)
    {
        var sums = answers.Aggregate(default(EvaluationSums), (total, answer) => total + (answer.Evaluation ?? default));
        return sums.Examples == 0
            ? null
            : new(sums.LossSum / sums.Examples, task.Kind == TaskKind.Classification ? (double)sums.Correct / sums.Examples : null, sums.Examples);
    }

    private static string? FirstRefusal(SurveyStatus status) => status.Answers
        .Where(answer => answer.Refusal is not null)
        .Select(answer => $"'{answer.Participant}' says: {answer.Refusal}")
        .FirstOrDefault();

    private Task WriteRecord(JobDefinition definition, JobState state, Evaluation? evaluation, string? unmeasured = null)
    {
        var outcome = state.Outcome!;
        return records.WriteRound(definition.Job, new RoundRecord(
            state.Round, outcome.Version?.Id, outcome.Version?.Attempt ?? 0, outcome.Committed, outcome.Declined, outcome.Version?.TrainingLoss,
            evaluation, outcome.Seconds, time.GetUtcNow(), outcome.TrainingSeconds, outcome.BytesResent)
        {
            Unmeasured = unmeasured,
        });
    }

    /// <summary>Who could take part now, or what is missing.</summary>
    private async Task<(ImmutableArray<ParticipantId> Candidates, string? Waiting)> Candidates(JobDefinition definition, JobState state)
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
    private async Task<bool> IsComplete(JobDefinition definition, SurveyStatus status)
    {
        if (status.IsComplete || status.Answers.IsEmpty)
        {
            return status.IsComplete;
        }

        var (candidates, age) = await Fleet.GetCandidates(definition.Data);
        return age >= options.Value.Liveness && !status.Waiting.Any(candidates.Contains);
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    private ISurveyControl Survey(InstructionId instruction) => grains.GetGrain<ISurveyControl>(SurveyKey.Of(instruction));

    private IRoundControl Round(JobDefinition definition, int number) =>
        grains.GetGrain<IRoundControl>(new RoundKey(definition.Job, number).ToString());
}
