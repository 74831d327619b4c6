using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Jobs;

/// <summary>
/// One training run. Holds the phase and drives rounds and surveys; everything that it does follows from what it has written, so that it can
/// be done again after a restart.
/// </summary>
[Reentrant]
internal sealed partial class JobGrain(
    IGrainContext context,
    [PersistentState("job", StorageNames.Grains)] IPersistentState<JobState> state,
    IGrainFactory grains,
    JobSteps steps,
    JobRecords records,
    StrategyDeclarations strategies,
    TimeProvider time,
    IOptions<CoordinationOptions> options,
    ILogger<JobGrain> logger) : IGrainBase, IJobControl
{
    private readonly JobId _job = JobId.Parse(context.GrainId.Key.ToString());
    private JobDefinition? _definition;
    private string? _waiting;
    private int _clearedRound = -1;
    private IGrainTimer? _timer;
    private Task _pump = Task.CompletedTask;
    private bool _pumpAgain;

    public IGrainContext GrainContext => context;

    private bool IsOver => state.State.Phase is JobPhase.None or JobPhase.Completed or JobPhase.Failed or JobPhase.Stopped;

    private JobDefinition Definition => _definition ??= JobFile.Parse(state.State.Definition, $"{_job}.yaml", strategies);

    public async Task<string?> Submit(JobSubmission submission)
    {
        if (state.State.Phase != JobPhase.None)
        {
            return state.State.Definition == submission.Definition && state.State.TorchScript == submission.TorchScript
                ? null
                : $"there is a job '{_job}' already: choose another id for this one ('job:' in the job file).";
        }

        await records.Begin(_job, submission.Definition);
        state.State.Definition = submission.Definition;
        state.State.TorchScript = submission.TorchScript;
        state.State.CreatedAt = time.GetUtcNow();
        state.State.Phase = JobPhase.Describing;
        await state.WriteStateAsync();
        await Touch();
        return null;
    }

    public async Task Touch()
    {
        if (IsOver)
        {
            return;
        }

        _timer ??= this.RegisterGrainTimer(PumpSafely, new GrainTimerCreationOptions(options.Value.PumpPeriod, options.Value.PumpPeriod)
        {
            Interleave = true,
            KeepAlive = true,
        });
        await PumpSafely();
    }

    public async Task<bool> IsOverRound(RoundKey round)
    {
        await Touch();
        var isOver = IsOver || round.Number < state.State.Round || (round.Number == state.State.Round && state.State.Outcome is not null);
        if (isOver && round.Number > _clearedRound)
        {
            // A silo that died between the job's writing and the round's end leaves the round's state behind.
            _clearedRound = round.Number;
            await Round(round.Number).Abandon();
        }

        return isOver;
    }

    Task<bool> IJobControl.IsOver(RoundKey round) => IsOverRound(round);

    public async Task RoundEnded(RoundOutcome outcome)
    {
        var current = state.State;
        if (IsOver || outcome.Round.Number != current.Round || current.Outcome is not null)
        {
            return;
        }

        current.Totals = new(
            current.Totals.Updates + outcome.Committed, current.Totals.Failures + outcome.Declined, current.Totals.BytesResent + outcome.BytesResent);
        if (outcome.Failure is { } failure)
        {
            await Fail(failure);
            return;
        }

        if (outcome.Version is null && outcome.Round.Number == 0)
        {
            // Whoever was to make version 0 is gone: the round opens again, with somebody else if need be.
            return;
        }

        if (outcome.Version is { } version)
        {
            current.Head = new(version.Id, version.Manifest);
        }

        current.Outcome = outcome;
        current.Phase = JobPhase.Evaluating;
        await state.WriteStateAsync();
        _ = PumpSafely();
    }

    public async Task<string?> Pause()
    {
        if (IsOver)
        {
            return NotRunning();
        }

        state.State.Paused = true;
        await state.WriteStateAsync();
        return null;
    }

    public async Task<string?> Resume()
    {
        if (IsOver)
        {
            return NotRunning();
        }

        state.State.Paused = false;
        await state.WriteStateAsync();
        await Touch();
        return null;
    }

    public async Task<string?> Stop()
    {
        if (IsOver)
        {
            return state.State.Phase == JobPhase.Stopped ? null : NotRunning();
        }

        await End(JobPhase.Stopped);
        return null;
    }

    public async Task<JobStatus?> GetStatus()
    {
        if (state.State.Phase == JobPhase.None)
        {
            return null;
        }

        await Touch();
        var round = IsOver ? null : await Round(state.State.Round).GetStatus();
        return new JobStatus
        {
            Job = _job,
            Phase = state.State.Phase,
            Paused = state.State.Paused,
            Round = state.State.Round,
            Rounds = Definition.Rounds,
            Version = state.State.Head?.Id,
            Evaluation = state.State.Evaluation,
            OpenRound = round,
            Totals = state.State.Totals,
            Failure = state.State.Failure,
            Waiting = IsOver ? null : round?.Trouble ?? _waiting,
            CreatedAt = state.State.CreatedAt,
            EndedAt = state.State.EndedAt,
        };
    }

    private IRoundControl Round(int number) => grains.GetGrain<IRoundControl>(new RoundKey(_job, number).ToString());

    private string NotRunning() => state.State.Phase == JobPhase.None
        ? $"there is no job '{_job}': 'jobs list' shows the jobs."
        : $"job '{_job}' has ended ({state.State.Phase.ToString().ToLowerInvariant()}).";

    /// <summary>One pump at a time; a touch while it runs makes it run once more.</summary>
    private Task PumpSafely()
    {
        _pumpAgain = true;
        return _pump.IsCompleted ? _pump = Pump() : Task.CompletedTask;
    }

    private async Task Pump()
    {
        RoundTrace.LeaveCaller();
        try
        {
            while (_pumpAgain && !IsOver)
            {
                _pumpAgain = false;
                await Step();
            }
        }
        catch (InconsistentStateException)
        {
            this.DeactivateOnIdle();
        }
        catch (JobFailedException exception)
        {
            await Fail(exception.Message);
        }
        catch (Exception exception)
        {
            LogStepFailed(exception, _job);
        }
    }

    private async Task Step()
    {
        var step = await steps.Take(Definition, state.State);
        _waiting = step.Waiting;
        if (!step.Changed || IsOver)
        {
            return;
        }

        if (state.State.Phase == JobPhase.Completed)
        {
            await End(JobPhase.Completed);
            return;
        }

        await state.WriteStateAsync();
        _pumpAgain = true;
    }

    private Task Fail(string reason)
    {
        LogFailed(_job, reason);
        state.State.Failure = reason;
        return End(JobPhase.Failed);
    }

    private async Task End(JobPhase phase)
    {
        var round = state.State.Round;
        state.State.Phase = phase;
        state.State.Outcome = null;
        state.State.EndedAt = time.GetUtcNow();
        await state.WriteStateAsync();
        _timer?.Dispose();
        _timer = null;
        await records.End(_job);
        await steps.Release(Definition, round);
        if (phase != JobPhase.Completed)
        {
            await Round(round).Abandon();
        }
    }

    [LoggerMessage(LogLevel.Error, "Job {Job} could not take its next step and tries again")]
    private partial void LogStepFailed(Exception exception, JobId job);

    [LoggerMessage(LogLevel.Error, "Job {Job} has failed: {Reason}")]
    private partial void LogFailed(JobId job, string reason);
}
