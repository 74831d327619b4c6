using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Training;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Data;
using OrleansEdge.Grains.Models;
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
internal class JobSteps(IGrainFactory grains, JobCrew crew, JobRecords records, StrategyDeclarations strategies, TimeProvider time)
{
    /// <summary>The job's participants.</summary>
    protected JobCrew Crew => crew;

    /// <summary>Takes the next step.</summary>
    /// <param name="definition">The job.</param>
    /// <param name="state">A copy of what is written; changed here, to be written by the caller.</param>
    /// <param name="memory">What may be forgotten.</param>
    /// <exception cref="JobFailedException">The job cannot go on.</exception>
    public virtual Task<JobStep> Take(JobDefinition definition, JobState state, JobMemory memory) => state.Phase switch
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
        await crew.Survey(new(new(definition.Job, 0), InstructionKind.Describe)).End();
        await crew.Survey(new(new(definition.Job, round), InstructionKind.Evaluate)).End();
    }

    private async Task<JobStep> Describe(JobDefinition definition, JobState state, JobMemory memory)
    {
        var instruction = JobPlanner.Describe(definition);
        var (status, step) = await crew.Describe(definition, state, memory, instruction);
        if (status is null)
        {
            return step;
        }

        state.Task = await records.PutTask(CombineSummaries(definition, Summaries(definition, status)));
        await crew.Survey(instruction.Id).End();
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

    /// <summary>The summaries by participant.</summary>
    /// <exception cref="JobFailedException">There are none.</exception>
    protected static Dictionary<ParticipantId, DataSummary> Summaries(JobDefinition definition, SurveyStatus status)
    {
        var summaries = status.Answers.Where(answer => answer.Summary is not null).ToDictionary(answer => answer.Participant, answer => answer.Summary!);
        return summaries.Count > 0
            ? summaries
            : throw new JobFailedException(JobCrew.FirstRefusal(status) is { } refusal
                ? $"no participant can use its data '{definition.Data}'; {refusal}"
                : $"no participant described its data '{definition.Data}' in time.");
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

    /// <summary>Has one participant make version 0.</summary>
    protected async Task<JobStep> Initialise(JobDefinition definition, JobState state, JobMemory memory)
    {
        if (state.Source is null)
        {
            state.Source = JobPlanner.SourceOf(definition, state.TorchScript, state.Signature);
            return new(true);
        }

        var plan = InitialPlan(definition, state);
        if (!await crew.Round(definition, 0).Resume(plan))
        {
            var (candidates, waiting) = await crew.Candidates(definition, state);
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
            await crew.Open(definition, 0, plan, () => able[..1], goal: 1);
        }

        return new(false, "a participant makes version 0");
    }

    /// <summary>Opens a round of training, or goes on with it.</summary>
    protected async Task<JobStep> Train(JobDefinition definition, JobState state, JobMemory memory)
    {
        var plan = TrainPlan(definition, state);
        if (await crew.Round(definition, state.Round).Resume(plan))
        {
            return new(false);
        }

        if (state.Paused)
        {
            return new(false, "an operator has paused the job; 'jobs resume' goes on");
        }

        var (present, waiting) = await crew.Candidates(definition, state);
        if (waiting is not null)
        {
            return new(false, waiting);
        }

        memory.Present = present.Length;
        var candidates = present.RemoveRange(Excluded(definition, memory));
        var missing = JobParticipants.PresentFor(definition.Participants.Fraction ?? 1, Fewest(definition)) - candidates.Length;
        if (missing > 0 && candidates.Length < present.Length)
        {
            return WaitForOthers(definition, state, memory, present.Length - candidates.Length, missing);
        }

        await crew.Open(definition, state.Round, plan, () => UniformSelection.Draw(
            candidates, definition.Participants.Asked(candidates.Length), DerivedSeed.Of(definition.Seed, "selection"), state.Round),
            definition.Participants.Wanted(candidates.Length));
        return new(false);
    }

    /// <summary>So many have withdrawn that the others are too few.</summary>
    protected virtual JobStep WaitForOthers(JobDefinition definition, JobState state, JobMemory memory, int withdrawn, int missing) => new(
        false, $"{JobCrew.Count(withdrawn, "participant")} here contributed from this version elsewhere: {JobCrew.Count(missing, "other")} with data '{definition.Data}' must join");

    /// <summary>Those that have withdrawn; after a while nobody, since a site that has may have got more devices.</summary>
    private ImmutableArray<ParticipantId> Excluded(JobDefinition definition, JobMemory memory)
    {
        if (time.GetUtcNow() - memory.WithdrawnAt >= definition.Deadline)
        {
            memory.Withdrawn = [];
        }

        return memory.Withdrawn;
    }

    /// <summary>With how many updates a round can close.</summary>
    private int Fewest(JobDefinition definition) => Math.Max(
        definition.Quorum ?? 1, strategies.MinimumContributions(definition.Strategy.Name, definition.Strategy.Options));

    /// <summary>What a round has come to: measured if that is due, and recorded.</summary>
    protected async Task<JobStep> Evaluate(JobDefinition definition, JobState state)
    {
        var outcome = state.Outcome!;
        if (state.Round > 0 && outcome.Version is not null && IsMeasured(definition, state))
        {
            var instruction = JobPlanner.Evaluate(definition, state.Round, state.Head!, state.Source!, state.Task!.Value, outcome.TraceParent);
            var (status, waiting) = await crew.Measure(definition, state, instruction);
            if (status is null)
            {
                return new(false, waiting);
            }

            var evaluation = Summarise(status.Answers, await records.ReadTask(state.Task!.Value));
            state.Evaluation = evaluation ?? state.Evaluation;
            await WriteRecord(definition, state, evaluation, evaluation is null ? JobCrew.FirstRefusal(status) : null);
            await crew.Survey(instruction.Id).End();
        }
        else
        {
            await WriteRecord(definition, state, null);
        }

        Proceed(definition, state);
        return new(true);
    }

    /// <summary>What participants are told in round 0.</summary>
    protected virtual RoundPlan InitialPlan(JobDefinition definition, JobState state) => JobPlanner.Initialise(definition, state.Source!, state.Task!.Value);

    /// <summary>What participants are told in the current round.</summary>
    protected virtual RoundPlan TrainPlan(JobDefinition definition, JobState state) =>
        JobPlanner.Train(definition, state.Round, state.Head!, state.Earlier, state.Source!, state.Task!.Value);

    /// <summary>Whether the current round's version is measured.</summary>
    protected virtual bool IsMeasured(JobDefinition definition, JobState state) => definition.Evaluation.IsDue(state.Round, definition.Rounds);

    /// <summary>What comes after a round.</summary>
    protected virtual void Proceed(JobDefinition definition, JobState state)
    {
        NextRound(state);
        if (state.Round > definition.Rounds)
        {
            state.Round = definition.Rounds;
            state.Phase = JobPhase.Completed;
        }
    }

    /// <summary>Goes on to the next round.</summary>
    protected static void NextRound(JobState state)
    {
        state.Outcome = null;
        state.Round++;
        state.Phase = JobPhase.Training;
    }

    /// <summary>The mean over all examples that were measured; null if there are none.</summary>
    internal static Evaluation? Summarise(ImmutableArray<SurveyAnswer> answers, TaskDescription task)
    {
        var sums = Sum(answers);
        return sums.Examples == 0
            ? null
            : new(sums.LossSum / sums.Examples, task.Kind == TaskKind.Classification ? (double)sums.Correct / sums.Examples : null, sums.Examples);
    }

    /// <summary>All that was measured.</summary>
    protected static EvaluationSums Sum(ImmutableArray<SurveyAnswer> answers) =>
        answers.Aggregate(default(EvaluationSums), (total, answer) => total + (answer.Evaluation ?? default));

    private Task WriteRecord(JobDefinition definition, JobState state, Evaluation? evaluation, string? unmeasured = null)
    {
        var outcome = state.Outcome!;
        return records.WriteRound(definition.Job, new RoundRecord(
            state.Round, outcome.Version?.Id, outcome.Version?.Attempt ?? 0, outcome.Committed, outcome.Declined, outcome.Version?.TrainingLoss,
            evaluation, outcome.Seconds, time.GetUtcNow(), outcome.TrainingSeconds, outcome.BytesResent)
        {
            Unmeasured = unmeasured,
            Late = outcome.Late,
        });
    }
}
