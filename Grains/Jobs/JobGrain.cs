using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Placement;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Jobs;

/// <summary>
/// One training run. Holds the phase and drives rounds and surveys; everything that it does follows from what it has written, so that it can
/// be done again after a restart.
/// </summary>
[Reentrant, NearJob]
internal sealed partial class JobGrain(
    IGrainContext context,
    [PersistentState("job", StorageNames.Grains)] IPersistentState<JobState> state,
    IGrainFactory grains,
    JobSteps steps,
    AssignedSteps assignedSteps,
    JobRecords records,
    StrategyDeclarations strategies,
    TimeProvider time,
    IOptions<CoordinationOptions> options,
    ILogger<JobGrain> logger) : IGrainBase, IJobControl, IAssignedJob
{
    private readonly JobId _job = JobId.Parse(context.GrainId.Key.ToString());
    private readonly DurableState<JobState> _state = new(state);
    private readonly JobMemory _memory = new();
    private readonly Turns _turns = new();
    private JobDefinition? _definition;
    private int? _endedHere;
    private bool _cleaned;
    private string? _waiting;
    private IGrainTimer? _timer;
    private Pump? _pump;

    public IGrainContext GrainContext => context;

    private bool IsOver => _state.Value.Phase is JobPhase.None or JobPhase.Completed or JobPhase.Failed or JobPhase.Stopped;

    /// <summary>Whether a round may be open. In other phases <see cref="JobState.Round"/> can be the number of one that was given up.</summary>
    private bool IsInRound => _state.Value.Phase is JobPhase.Initialising or JobPhase.Training;

    private JobSteps Steps => _state.Value.Assignment is null ? steps : assignedSteps;

    private JobDefinition Definition
    {
        get
        {
            var written = _definition ??= Parse(_state.Value.Definition, isOfTier: _state.Value.Assignment is not null);
            return _state.Value.Assignment is { } assignment ? written.Below! with { Seed = assignment.Seed } : written;
        }
    }

    public async Task<string?> Submit(JobSubmission submission)
    {
        var refusal = await Exclusively(() => Accept(submission));
        if (refusal is null)
        {
            await Touch();
        }

        return refusal;
    }

    /// <summary>Does not wait for the step: whoever touches the job may be whom the step waits for.</summary>
    public Task Touch()
    {
        if (IsOver)
        {
            _ = CleanUpOnce();
            return Task.CompletedTask;
        }

        _timer ??= this.RegisterGrainTimer(Pump.Run, new GrainTimerCreationOptions(options.Value.PumpPeriod, options.Value.PumpPeriod)
        {
            Interleave = true,
            KeepAlive = true,
        });
        _ = Pump.Run();
        return Task.CompletedTask;
    }

    public async Task<bool> IsOverRound(RoundKey round)
    {
        await Touch();
        return IsOver || round.Number < _state.Value.Round || (round.Number == _state.Value.Round && !IsInRound);
    }

    private JobDefinition Parse(string file, bool isOfTier) => JobFile.Parse(file, $"{_job}.yaml", strategies, isOfTier);

    Task<bool> IJobControl.IsOver(RoundKey round) => IsOverRound(round);

    public ValueTask<bool> HasEnded() => new(IsOver);

    public Task RoundEnded(RoundOutcome outcome) => Exclusively<string?>(async () =>
    {
        await Take(outcome);
        return null;
    });

    public Task<string?> Pause() => Exclusively(() => SetPaused(true));

    public async Task<string?> Resume()
    {
        var refusal = await Exclusively(() => SetPaused(false));
        await Touch();
        return refusal;
    }

    public async Task<string?> Stop()
    {
        var refusal = await Exclusively(async () =>
        {
            if (IsOver)
            {
                return _state.Value.Phase == JobPhase.Stopped ? null : NotRunning();
            }

            await End(JobPhase.Stopped, _state.Value);
            return null;
        });
        await CleanUpOnce();
        return refusal;
    }

    public async Task<JobStatus?> GetStatus()
    {
        if (_state.Value.Phase == JobPhase.None)
        {
            return null;
        }

        await Touch();
        await Pump.Running;
        var round = IsOver ? null : await Round(_state.Value.Round).GetStatus();
        return new JobStatus
        {
            Job = _job,
            Phase = _state.Value.Phase,
            Paused = _state.Value.Paused,
            Round = _state.Value.Round,
            Rounds = _state.Value.Assignment is null ? Definition.Rounds : _state.Value.Round,
            ForParent = Report(),
            Parent = _state.Value.Assignment?.Parent,
            Version = _state.Value.Head?.Id,
            Evaluation = _state.Value.Evaluation,
            OpenRound = round,
            Totals = _state.Value.Totals,
            Failure = _state.Value.Failure,
            Waiting = IsOver ? null : round?.Trouble ?? Pump.Trouble ?? _waiting,
            CreatedAt = _state.Value.CreatedAt,
            EndedAt = _state.Value.EndedAt,
        };
    }

    public Task<JobReferences> GetReferences() =>
        Exclusively(() => Task.FromResult(IsOver ? JobReferences.None : JobReferences.Of(Definition, _state.Value)));

    private Pump Pump => _pump ??= new(this, TakeStep, () => IsOver && _cleaned, exception => LogStepFailed(exception, _job));

    private IRoundControl Round(int number) => grains.GetGrain<IRoundControl>(new RoundKey(_job, number).ToString());

    private string NotRunning() => _state.Value.Phase == JobPhase.None
        ? $"there is no job '{_job}': 'jobs list' shows the jobs."
        : $"job '{_job}' has ended ({_state.Value.Phase.ToString().ToLowerInvariant()}).";

    /// <summary>
    /// One change of the state at a time, from reading to writing: a stop must not be undone by a step that began before it.
    /// </summary>
    private Task<T> Exclusively<T>(Func<Task<T>> change) => _turns.Run(change);

    private async Task<string?> Accept(JobSubmission submission)
    {
        if (_state.Value.Phase != JobPhase.None)
        {
            return _state.Value.Assignment is null && _state.Value.Definition == submission.Definition && _state.Value.TorchScript == submission.TorchScript
                ? null
                : $"there is a job '{_job}' already: choose another id for this one ('job:' in the job file).";
        }

        await records.Begin(_job, submission.Definition);
        await _state.Write(new()
        {
            Definition = submission.Definition,
            TorchScript = submission.TorchScript,
            Signature = submission.Signature,
            CreatedAt = time.GetUtcNow(),
            Phase = JobPhase.Describing,
        });
        return null;
    }

    private async Task<string?> SetPaused(bool paused)
    {
        if (IsOver)
        {
            return NotRunning();
        }

        await _state.Write(_state.Value with { Paused = paused });
        return null;
    }

    private async Task Take(RoundOutcome outcome)
    {
        var current = _state.Value;
        if (!IsInRound || outcome.Round.Number != current.Round || current.Outcome is not null)
        {
            return;
        }

        var next = current with
        {
            Totals = new(
                current.Totals.Updates + outcome.Committed,
                current.Totals.Failures + outcome.Declined,
                current.Totals.BytesResent + outcome.BytesResent),
        };
        if (outcome.Failure is { } failure)
        {
            await Fail(failure, next);
            return;
        }

        if (outcome.Version is null && outcome.Round.Number == 0)
        {
            // Whoever was to make version 0 cannot, or is gone: the round opens again, with somebody else if need be.
            if (outcome.Refusal is { } refusal)
            {
                _memory.CannotInitialise[refusal.Participant] = refusal.Reason;
            }

            return;
        }

        Remember(outcome);
        if (outcome.IsWithdrawn)
        {
            // Nobody has done anything: the round opens again, with others.
            _ = Pump.Run();
            return;
        }

        if (outcome.Version is { } version)
        {
            next = next with { Head = new(version.Id, version.Manifest), Earlier = JobPlanner.Earlier(Definition, current.Head, current.Earlier) };
        }

        await _state.Write(next with { Outcome = outcome, Phase = JobPhase.Evaluating });
        _endedHere = outcome.Round.Number;
        _ = Pump.Run();
    }

    /// <summary>Who has withdrawn is not asked again for a while, unless there is another version to begin from.</summary>
    private void Remember(RoundOutcome outcome)
    {
        if (outcome.Version is not null)
        {
            _memory.Withdrawn = [];
        }
        else if (!outcome.Withdrawn.IsEmpty)
        {
            _memory.Withdrawn = [.. _memory.Withdrawn.Union(outcome.Withdrawn)];
            _memory.WithdrawnAt = time.GetUtcNow();
        }
    }

    private Task TakeStep() => IsOver ? CleanUpOnce() : Exclusively(Step);

    private async Task<bool> Step()
    {
        if (IsOver)
        {
            return false;
        }

        if (_state.Value is { Phase: JobPhase.Evaluating, Outcome: not null } && _endedHere != _state.Value.Round)
        {
            // The silo died between the writing of the outcome and the round's own end.
            await Round(_state.Value.Round).Abandon();
            _endedHere = _state.Value.Round;
        }

        var next = _state.Value with { };
        JobStep step;
        try
        {
            step = await Steps.Take(Definition, next, _memory);
        }
        catch (JobFailedException exception)
        {
            await Fail(exception.Message, _state.Value);
            return true;
        }

        _waiting = step.Waiting;
        if (!step.Changed)
        {
            return false;
        }

        next.Present = _memory.Present ?? next.Present;
        if (next.Phase == JobPhase.Completed)
        {
            await End(JobPhase.Completed, next);
            return true;
        }

        await _state.Write(next);
        Pump.Again();
        return true;
    }

    private async Task Fail(string reason, JobState next)
    {
        if (next.Assignment is { } assignment)
        {
            // The parent is told, and decides what becomes of it.
            await _state.Write(next with { Phase = JobPhase.Waiting, Outcome = null, Assignment = assignment with { IsOver = true, Failure = reason } });
            LogAssignmentFailed(_job, assignment.Kind, assignment.Round, reason);
            return;
        }

        await End(JobPhase.Failed, next with { Failure = reason });
        LogFailed(_job, reason);
    }

    private async Task End(JobPhase phase, JobState next)
    {
        await _state.Write(next with { Phase = phase, Outcome = null, EndedAt = time.GetUtcNow() });
        _timer?.Dispose();
        _timer = null;
        _ = Pump.Run();
    }

    /// <summary>
    /// Takes back what a job that is over has left with others. The mark by which it is found again goes last: whatever fails is done again.
    /// </summary>
    private async Task CleanUpOnce()
    {
        if (_cleaned || _state.Value.Phase == JobPhase.None)
        {
            return;
        }

        _cleaned = true;
        try
        {
            await Steps.Release(Definition, _state.Value.Round);
            await Round(_state.Value.Round).Abandon();
            await records.End(_job);
        }
        catch (Exception exception)
        {
            _cleaned = false;
            LogStepFailed(exception, _job);
        }
    }

    [LoggerMessage(LogLevel.Error, "Job {Job} could not take its next step and tries again")]
    private partial void LogStepFailed(Exception exception, JobId job);

    [LoggerMessage(LogLevel.Error, "Job {Job}: {Kind} of the parent's round {Round} cannot be done: {Reason}")]
    private partial void LogAssignmentFailed(JobId job, InstructionKind kind, int round, string reason);

    [LoggerMessage(LogLevel.Error, "Job {Job} has failed: {Reason}")]
    private partial void LogFailed(JobId job, string reason);
}
