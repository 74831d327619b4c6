using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Storage;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Telemetry;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Participants;

namespace OrleansEdge.Grains.Rounds;

/// <summary>
/// One round: who was asked, who has committed, when it closes. Its phase is written before anything that follows from it is done; commits
/// are memory, because every participant keeps its update until the round is published.
/// </summary>
[Reentrant]
internal sealed partial class RoundGrain(
    IGrainContext context,
    [PersistentState("round", StorageNames.Grains)] IPersistentState<RoundState> state,
    IGrainFactory grains,
    RoundCloser closer,
    ManifestStore manifests,
    KillSwitch killSwitch,
    TimeProvider time,
    IOptions<CoordinationOptions> options,
    ILogger<RoundGrain> logger) : IGrainBase, IRoundGrain, IRoundControl
{
    private readonly RoundKey _key = RoundKey.Parse(context.GrainId.Key.ToString());
    private readonly SortedDictionary<ParticipantId, UpdateCommit> _commits = [];
    private readonly SortedDictionary<ParticipantId, string> _declined = [];
    private RoundPlan? _plan;
    private DateTimeOffset _deadline;
    private int _extensions;
    private bool _pumping;
    private bool _pumpAgain;
    private IGrainTimer? _timer;

    public IGrainContext GrainContext => context;

    private IJobControl Job => grains.GetGrain<IJobControl>(_key.Job.Value);

    private int Quorum => Math.Min(_plan?.Quorum ?? state.State.Goal, state.State.Selected.Length);

    public async Task<bool> Resume(RoundPlan plan)
    {
        if (state.State.Phase == RoundPhase.None)
        {
            return false;
        }

        if (_plan is null)
        {
            _plan = plan;
            var grace = time.GetUtcNow() + options.Value.RecoveryGrace;
            var deadline = state.State.OpenedAt + plan.Deadline;
            _deadline = deadline > grace ? deadline : grace;
            await Begin();
        }

        return true;
    }

    public async Task Open(RoundPlan plan, ImmutableArray<ParticipantId> selected, int goal)
    {
        if (await Resume(plan))
        {
            return;
        }

        killSwitch.Reach(SiloKillPoints.Selecting, _key.Number);
        var now = time.GetUtcNow();
        state.State.Phase = RoundPhase.Collecting;
        state.State.Selected = selected.Sort();
        state.State.Goal = Math.Min(goal, selected.Length);
        state.State.OpenedAt = now;
        state.State.TraceParent = RoundTrace.Open(_key);
        await state.WriteStateAsync();
        killSwitch.Reach(SiloKillPoints.Opened, _key.Number);
        _plan = plan;
        _deadline = now + plan.Deadline;
        await Begin();
    }

    public async Task<CommitReply> Commit(UpdateCommit commit)
    {
        if (_plan is null && !await Revive())
        {
            return new(await Job.IsOver(_key) ? CommitStanding.RoundOver : CommitStanding.Retry);
        }

        if (!state.State.Selected.Contains(commit.Participant)
            || (state.State.Phase == RoundPhase.Closing && !state.State.Contributors.Contains(commit.Participant)))
        {
            return new(CommitStanding.RoundOver, $"round {_key} no longer waits for '{commit.Participant}'.");
        }

        if (await CommitRules.Refuse(commit, _plan!, manifests) is { } reason)
        {
            await Decline(commit.Participant, reason);
            return new(CommitStanding.Refused, reason);
        }

        _commits[commit.Participant] = commit;
        _declined.Remove(commit.Participant);
        RoundMetrics.Commits.Add(1);
        killSwitch.Reach(SiloKillPoints.Collecting, _key.Number);
        PumpSoon();
        return new(CommitStanding.Committed);
    }

    public Task Decline(ParticipantId participant, string reason)
    {
        if (state.State.Selected.Contains(participant) && !_commits.ContainsKey(participant))
        {
            _declined[participant] = reason;
            RoundMetrics.Declined.Add(1);
            LogDeclined(_key, participant, reason);
            PumpSoon();
        }

        return Task.CompletedTask;
    }

    public async ValueTask<bool> IsOpen() => state.State.Phase != RoundPhase.None || !await Job.IsOver(_key);

    public ValueTask<RoundStatus?> GetStatus() => new(state.State.Phase == RoundPhase.None
        ? null
        : new RoundStatus(
            _key, state.State.Phase, state.State.Attempt, state.State.Selected.Length, _commits.Count,
            _declined.ToImmutableSortedDictionary(entry => entry.Key.Value, entry => entry.Value, StringComparer.Ordinal),
            Quorum, _deadline, _extensions));

    public async Task Abandon()
    {
        if (state.State.Phase != RoundPhase.None)
        {
            await End();
        }
    }

    /// <summary>An agent can be faster than the job's revival: then the job is touched, and it resumes this round.</summary>
    private async Task<bool> Revive()
    {
        await Job.Touch();
        return _plan is not null;
    }

    private async Task Begin()
    {
        _timer ??= this.RegisterGrainTimer(Pump, new GrainTimerCreationOptions(options.Value.PumpPeriod, options.Value.PumpPeriod)
        {
            Interleave = true,
            KeepAlive = true,
        });
        await Offer(state.State.Phase == RoundPhase.Closing ? state.State.Contributors : state.State.Selected);
    }

    private Task Offer(IEnumerable<ParticipantId> participants) => Task.WhenAll(participants
        .Where(participant => !_commits.ContainsKey(participant))
        .Select(participant => grains.GetGrain<IParticipantInbox>(participant.Value).Offer(InstructionFor(participant))));

    private Instruction InstructionFor(ParticipantId participant)
    {
        var instruction = _plan!.Instruction with { TraceParent = state.State.TraceParent };
        return instruction is TrainInstruction train
            ? train with { Seed = DerivedSeed.Of(_plan.Seed, $"{_key.Number}/{participant}") }
            : instruction;
    }

    private void PumpSoon() => _ = Pump();

    private async Task Pump()
    {
        _pumpAgain = true;
        if (_pumping)
        {
            return;
        }

        _pumping = true;
        try
        {
            while (_pumpAgain && _plan is not null)
            {
                _pumpAgain = false;
                await Step();
            }
        }
        catch (InconsistentStateException)
        {
            // Another activation has written: this one's memory is stale, and the next one reads anew.
            this.DeactivateOnIdle();
        }
        catch (Exception exception)
        {
            LogStepFailed(exception, _key);
        }
        finally
        {
            _pumping = false;
        }
    }

    private Task Step() => state.State.Phase switch
    {
        RoundPhase.Collecting => Collect(),
        RoundPhase.Closing => Close(),
        _ => Task.CompletedTask,
    };

    private async Task Collect()
    {
        var decision = RoundRules.Decide(
            state.State.Selected.Length, _commits.Count, _declined.Count, state.State.Goal, Quorum, time.GetUtcNow() >= _deadline);
        if (decision == RoundDecision.Close)
        {
            killSwitch.Reach(SiloKillPoints.Collected, _key.Number);
            await WriteContributors([.. _commits.Keys], state.State.Attempt);
        }
        else if (decision == RoundDecision.QuorumMissed)
        {
            await MissQuorum($"round {_key} has {_commits.Count} of the {Quorum} updates that it needs.");
        }
    }

    private async Task WriteContributors(ImmutableArray<ParticipantId> contributors, int attempt)
    {
        state.State.Phase = RoundPhase.Closing;
        state.State.Contributors = contributors;
        state.State.Attempt = attempt;
        await state.WriteStateAsync();
        killSwitch.Reach(SiloKillPoints.Closing, _key.Number);
        _deadline = time.GetUtcNow() + _plan!.Deadline;
        _pumpAgain = true;
    }

    private async Task Close()
    {
        var missing = state.State.Contributors.Where(contributor => !_commits.ContainsKey(contributor)).ToImmutableArray();
        if (!missing.IsEmpty)
        {
            var givenUp = missing.Where(contributor => _declined.ContainsKey(contributor) || time.GetUtcNow() >= _deadline).ToImmutableArray();
            if (!givenUp.IsEmpty)
            {
                await GiveUp(givenUp);
            }

            return;
        }

        ImmutableArray<UpdateCommit> commits = [.. state.State.Contributors.Select(contributor => _commits[contributor])];
        var closing = await closer.Close(_key, _plan!, state.State.Attempt, commits, state.State.TraceParent);
        if (closing.Missing.IsEmpty)
        {
            await Finish(closing.Version, closing.Failure);
            return;
        }

        foreach (var participant in closing.Missing)
        {
            _commits.Remove(participant);
            LogResend(_key, participant);
        }

        await Offer(closing.Missing);
    }

    /// <summary>The attempt goes up, and the round is done over without those who are gone.</summary>
    private async Task GiveUp(ImmutableArray<ParticipantId> gone)
    {
        var remaining = state.State.Contributors.RemoveRange(gone);
        if (remaining.Length >= Math.Max(1, Quorum))
        {
            LogGivenUp(_key, string.Join(", ", gone), state.State.Attempt + 1);
            await WriteContributors(remaining, state.State.Attempt + 1);
        }
        else
        {
            await MissQuorum($"round {_key} has lost the updates of {string.Join(", ", gone)} and falls below its quorum of {Quorum}.");
        }
    }

    private async Task MissQuorum(string sentence)
    {
        switch (_plan!.OnMissedQuorum)
        {
            case MissedQuorum.Fail:
                await Finish(null, sentence + (_declined.Count > 0 ? $" '{_declined.First().Key}' says: {_declined.First().Value}" : ""));
                break;
            case MissedQuorum.Skip:
                await Finish(null, null);
                break;
            default:
                _extensions++;
                _deadline = time.GetUtcNow() + _plan.Deadline;
                LogExtended(_key, sentence, _extensions);
                _declined.Clear();
                await Offer(state.State.Phase == RoundPhase.Closing ? state.State.Contributors : state.State.Selected);
                break;
        }
    }

    private async Task Finish(Contracts.Models.VersionRecord? version, string? failure)
    {
        var seconds = (time.GetUtcNow() - state.State.OpenedAt).TotalSeconds;
        var committed = version?.Contributors.Length ?? 0;
        await Job.RoundEnded(new RoundOutcome(
            _key, version, failure, committed, state.State.Selected.Length - committed, _commits.Values.Sum(commit => commit.BytesResent), seconds,
            state.State.TraceParent, _commits.Values.Sum(commit => commit.TrainingSeconds)));
        if (version is not null)
        {
            RoundMetrics.Published.Add(1);
            RoundMetrics.RoundSeconds.Record(seconds);
        }

        killSwitch.Reach(SiloKillPoints.Settled, _key.Number);
        await End();
    }

    private async Task End()
    {
        var shards = _commits.Values.Select(commit => commit.Shards.Length).DefaultIfEmpty(0).Max();
        await Task.WhenAll(state.State.Selected.Select(participant => grains.GetGrain<IParticipantInbox>(participant.Value).Settle(_key)));
        await Task.WhenAll(Enumerable.Range(0, shards).Select(index => grains.GetGrain<IShardControl>(new ShardKey(_key, index).ToString()).Release()));
        _plan = null;
        _timer?.Dispose();
        _timer = null;
        await state.ClearStateAsync();
        this.DeactivateOnIdle();
    }

    [LoggerMessage(LogLevel.Warning, "Round {Round}: '{Participant}' cannot contribute: {Reason}")]
    private partial void LogDeclined(RoundKey round, ParticipantId participant, string reason);

    [LoggerMessage(LogLevel.Warning, "Round {Round}: a shard has lost the update of '{Participant}'; it is asked to send again")]
    private partial void LogResend(RoundKey round, ParticipantId participant);

    [LoggerMessage(LogLevel.Warning, "Round {Round} goes on without {Gone}, attempt {Attempt}")]
    private partial void LogGivenUp(RoundKey round, string gone, int attempt);

    [LoggerMessage(LogLevel.Warning, "Round {Round} is extended: {Reason} Extension {Extension}")]
    private partial void LogExtended(RoundKey round, string reason, int extension);

    [LoggerMessage(LogLevel.Error, "Round {Round} could not take its next step and tries again")]
    private partial void LogStepFailed(Exception exception, RoundKey round);
}
