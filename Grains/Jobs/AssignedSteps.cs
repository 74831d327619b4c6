using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Data;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Sites;

namespace OrleansEdge.Grains.Jobs;

/// <summary>
/// The steps of a job that a site runs for its parent: what is wanted is done among the site's own participants, and then waits to be handed
/// over. While the parent is away the site goes on by itself, for as many rounds as the job file allows.
/// </summary>
internal sealed class AssignedSteps(IGrainFactory grains, JobCrew crew, JobRecords records, StrategyDeclarations strategies, TimeProvider time)
    : JobSteps(grains, crew, records, strategies, time)
{
    private readonly IGrainFactory _grains = grains;

    /// <inheritdoc/>
    public override Task<JobStep> Take(JobDefinition definition, JobState state, JobMemory memory) => state.Phase switch
    {
        JobPhase.Waiting => GoOnAlone(definition, state),
        JobPhase.Describing => Describe(definition, state, memory),
        JobPhase.Training when state.Head?.Manifest != state.Assignment!.Base && state.Assignment.Done == 0 => Adopt(definition, state),
        JobPhase.Evaluating when state.Outcome is null => Measure(definition, state, memory),
        _ => base.Take(definition, state, memory),
    };

    /// <inheritdoc/>
    protected override RoundPlan InitialPlan(JobDefinition definition, JobState state)
    {
        var plan = base.InitialPlan(definition, state);
        return plan with
        {
            // The weights are those that the parent's seed gives, whichever site makes them.
            Instruction = (InitialiseInstruction)plan.Instruction with { Seed = state.Assignment!.Seed, TraceParent = state.Assignment.TraceParent },
        };
    }

    /// <inheritdoc/>
    protected override RoundPlan TrainPlan(JobDefinition definition, JobState state)
    {
        var plan = base.TrainPlan(definition, state);
        return plan with { Instruction = plan.Instruction with { TraceParent = state.Assignment!.TraceParent } };
    }

    /// <inheritdoc/>
    protected override bool IsMeasured(JobDefinition definition, JobState state) =>
        definition.Evaluation.IsDue(state.Assignment!.Done + 1, definition.Rounds);

    /// <inheritdoc/>
    protected override void Proceed(JobDefinition definition, JobState state)
    {
        var before = state.Assignment!;
        var isInitial = before.Kind == InstructionKind.Initialise;
        var isAlone = !isInitial && before.Done >= definition.Rounds;
        var latest = state.Outcome!.Version is { } version ? UpdateOf(before, version, state.Outcome) : before.Latest;
        var isOver = isInitial || before.Done + 1 >= definition.Rounds;
        state.Assignment = before with
        {
            Done = before.Done + 1,
            Latest = latest,
            Update = isOver ? before.Update ?? latest : null,
            IsOver = isOver,
            Failure = isOver && latest is null ? "no round of the site had enough updates." : null,
            Totals = before.Totals with
            {
                Rounds = before.Totals.Rounds + (isInitial ? 0 : 1),
                Autonomous = before.Totals.Autonomous + (isAlone ? 1 : 0),
            },
        };
        NextRound(state);
        state.Phase = isOver ? JobPhase.Waiting : JobPhase.Training;
    }

    /// <summary>The parent is not kept waiting for others: it asks again where it needs this site. What the site has from earlier rounds is handed over.</summary>
    protected override JobStep WaitForOthers(JobDefinition definition, JobState state, JobMemory memory, int withdrawn, int missing)
    {
        var assignment = state.Assignment!;
        var areAll = memory.Present == withdrawn;
        state.Phase = JobPhase.Waiting;
        state.Assignment = assignment with
        {
            IsOver = true,
            Done = JobTier.MostRounds(definition),
            Update = assignment.Update ?? assignment.Latest,
            IsWithdrawn = assignment.Latest is null && areAll,
            Failure = assignment.Latest is not null ? null
                : areAll ? "all that take part here have contributed from this version elsewhere."
                : $"{JobCrew.Count(withdrawn, "participant")} here contributed from this version elsewhere, and the others are too few.",
        };
        return new(true);
    }

    /// <summary>The number of the first of the site's rounds in a round of its parent.</summary>
    public static int FirstRound(JobDefinition definition, int parentRound) => ((parentRound - 1) * JobTier.MostRounds(definition)) + 1;

    private static SiteUpdate UpdateOf(Assignment assignment, VersionRecord version, RoundOutcome outcome) => new(
        assignment.Round, assignment.Base, version.Manifest, version.Examples, version.TrainingLoss * version.Examples,
        (assignment.Latest?.TrainingSeconds ?? 0) + outcome.TrainingSeconds);

    private async Task<JobStep> Describe(JobDefinition definition, JobState state, JobMemory memory)
    {
        if (memory.Summary is not null)
        {
            return new(false);
        }

        var instruction = JobPlanner.Describe(definition);
        var (status, step) = await Crew.Describe(definition, state, memory, instruction);
        if (status is null)
        {
            return step;
        }

        try
        {
            memory.Summary = SummaryMerge.Merge(Summaries(definition, status));
        }
        catch (DataSummaryException exception)
        {
            throw new JobFailedException(exception.Message);
        }

        await Crew.Survey(instruction.Id).End();
        return new(false);
    }

    private async Task<JobStep> Measure(JobDefinition definition, JobState state, JobMemory memory)
    {
        var assignment = state.Assignment!;
        if (memory.Evaluation is not null)
        {
            return new(false);
        }

        var instruction = JobPlanner.Evaluate(
            definition, assignment.Round * JobTier.MostRounds(definition), new(default, assignment.Base!.Value), state.Source!, state.Task!.Value, assignment.TraceParent) with
        {
            Scope = assignment.Scope,
        };
        var (status, waiting) = await Crew.Measure(definition, state, instruction);
        if (status is null)
        {
            return new(false, waiting);
        }

        var sums = Sum(status.Answers);
        if (sums.Examples == 0 && JobCrew.FirstRefusal(status) is { } refusal)
        {
            throw new JobFailedException(refusal);
        }

        memory.Evaluation = sums;
        await Crew.Survey(instruction.Id).End();
        return new(false);
    }

    /// <summary>Makes the parent's version one of the site's own, from which its rounds start.</summary>
    private async Task<JobStep> Adopt(JobDefinition definition, JobState state)
    {
        var wanted = state.Assignment!.Base!.Value;
        var newest = await _grains.GetGrain<IModelGrain>(definition.Model.Value).Find(null);
        var record = newest?.Manifest == wanted ? newest : await _grains.GetGrain<IModelControl>(definition.Model.Value).Publish(new VersionRecord
        {
            Id = new(definition.Model, 0),
            Manifest = wanted,
            Source = state.Source!,
            Task = state.Task!.Value,
        });
        state.Earlier = JobPlanner.Earlier(definition, state.Head, state.Earlier);
        state.Head = new(record.Id, record.Manifest);
        return new(true);
    }

    private async Task<JobStep> GoOnAlone(JobDefinition definition, JobState state)
    {
        var assignment = state.Assignment!;
        var mayGoOn = assignment is { Kind: InstructionKind.Train, Latest: not null, IsDelivered: false, IsOffered: false }
            && assignment.Done >= definition.Rounds && assignment.Done < JobTier.MostRounds(definition);
        if (!mayGoOn || !await _grains.GetGrain<IUplinkGrain>(StorageNames.Uplink).IsAway())
        {
            return new(false, $"what the parent '{assignment.Parent}' wants next");
        }

        state.Phase = JobPhase.Training;
        return new(true);
    }
}
