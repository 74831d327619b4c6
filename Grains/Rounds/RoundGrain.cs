using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Telemetry;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;

namespace OrleansEdge.Grains.Rounds;

/// <summary>
/// One round: who was asked, who has committed, when it closes. Its phase is written before anything that follows from it is done; commits
/// are memory, because every participant keeps its update until the round is published.
/// </summary>
[Reentrant, Immovable]
internal sealed class RoundGrain(
    IGrainContext context,
    [PersistentState("round", StorageNames.Grains)] IPersistentState<RoundState> state,
    IGrainFactory grains,
    RoundCloser closer,
    ManifestStore manifests,
    FaultSwitch faultSwitch,
    TimeProvider time,
    IOptions<CoordinationOptions> options,
    ILogger<RoundGrain> logger) : IGrainBase, IRoundGrain, IRoundControl
{
    private readonly RoundKey _key = RoundKey.Parse(context.GrainId.Key.ToString());
    private readonly DurableState<RoundState> _state = new(state);
    private readonly RoundLedger _ledger = new();
    private RoundPlan? _plan;
    private DateTimeOffset _deadline;
    private int _extensions;
    private string? _trouble;
    private bool _pumping;
    private bool _pumpAgain;
    private IGrainTimer? _timer;
    private DateTimeOffset _ensuredAt;
    private bool _over;
    private Task? _ending;

    public IGrainContext GrainContext => context;

    private RoundMessages Messages => new(_key, grains);

    /// <summary>Whose updates are wanted now.</summary>
    private ImmutableArray<ParticipantId> Wanted => _state.Value.Phase == RoundPhase.Closing ? _state.Value.Contributors : _state.Value.Selected;

    private IJobControl Job => grains.GetGrain<IJobControl>(_key.Job.Value);

    private int Quorum => Math.Min(_plan?.Quorum ?? _state.Value.Goal, _state.Value.Selected.Length);

    public async Task<bool> Resume(RoundPlan plan)
    {
        if (_state.Value.Phase == RoundPhase.None)
        {
            return false;
        }

        if (_plan is null)
        {
            _plan = plan;
            var grace = time.GetUtcNow() + options.Value.RecoveryGrace;
            var deadline = _state.Value.OpenedAt + plan.Deadline;
            _deadline = deadline > grace ? deadline : grace;
            await Begin();
        }

        return true;
    }

    public async Task<string?> Open(RoundPlan plan, ImmutableArray<ParticipantId> selected, int goal)
    {
        if (await Resume(plan))
        {
            return state.State.TraceParent;
        }

        faultSwitch.Reach(SiloPoints.Selecting, _key.Number);
        var now = time.GetUtcNow();
        await _state.Write(new()
        {
            Phase = RoundPhase.Collecting,
            Selected = selected.Sort(),
            Goal = Math.Min(goal, selected.Length),
            OpenedAt = now,
            TraceParent = RoundTrace.Open(_key),
        });
        faultSwitch.Reach(SiloPoints.Opened, _key.Number);
        RoundMetrics.Opened.Add(1);
        _plan = plan;
        _deadline = now + plan.Deadline;
        await Begin();
        return state.State.TraceParent;
    }

    public async Task<CommitReply> Commit(UpdateCommit commit)
    {
        if (_plan is null && !await Revive())
        {
            return new(await Job.IsOver(_key) ? CommitStanding.RoundOver : CommitStanding.Retry);
        }

        if (_over || !Wanted.Contains(commit.Participant))
        {
            return new(CommitStanding.RoundOver, $"round {_key} no longer waits for '{commit.Participant}'.");
        }

        if (await CommitRules.Refuse(commit, _plan!, manifests) is { } reason)
        {
            await Decline(commit.Participant, reason);
            return new(CommitStanding.Refused, reason);
        }

        if (_over || !Wanted.Contains(commit.Participant))
        {
            return new(CommitStanding.RoundOver, $"round {_key} has ended while the update was looked at.");
        }

        _ledger.Commit(commit);
        RoundMetrics.Commits.Add(1);
        faultSwitch.Reach(SiloPoints.Collecting, _key.Number);
        PumpSoon();
        return new(CommitStanding.Committed);
    }

    public Task Decline(ParticipantId participant, string reason)
    {
        if (_state.Value.Selected.Contains(participant) && _ledger.Decline(participant, reason))
        {
            RoundMetrics.Declined.Add(1);
            logger.RoundDeclined(_key, participant, reason);
            PumpSoon();
        }

        return Task.CompletedTask;
    }

    public async ValueTask<bool> IsOpen() =>
        _state.Value.Phase != RoundPhase.None && !_over && (_plan is not null || !await Job.IsOver(_key));

    public async ValueTask<bool> Accepts(ParticipantId participant) => Wanted.Contains(participant) && await IsOpen();

    public ValueTask<RoundStatus?> GetStatus() => new(_state.Value.Phase == RoundPhase.None
        ? null
        : new RoundStatus(
            _key, _state.Value.Phase, _state.Value.Attempt, _state.Value.Selected.Length, _ledger.Commits.Count,
            _ledger.Declined.ToImmutableSortedDictionary(entry => entry.Key.Value, entry => entry.Value, StringComparer.Ordinal),
            Quorum, _deadline, _extensions, _trouble));

    public async Task Abandon()
    {
        if (_state.Value.Phase != RoundPhase.None)
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
        await Offer(Wanted);
    }

    private Task Offer(IEnumerable<ParticipantId> participants) => Messages.Offer(
        _plan!, _state.Value.TraceParent, participants.Where(participant => !_ledger.Commits.ContainsKey(participant)));

    private void PumpSoon() => _ = Pump();

    private async Task Pump()
    {
        RoundTrace.LeaveCaller();
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
                _trouble = null;
            }
        }
        catch (InconsistentStateException)
        {
            // Another activation has written: this one's memory is stale, and the next one reads anew.
            this.DeactivateOnIdle();
        }
        catch (Exception exception)
        {
            _trouble = Storage.StorageTrouble.Find(exception) ?? exception.Message;
            logger.RoundStepFailed(exception, _key);
        }
        finally
        {
            _pumping = false;
        }
    }

    private Task Step()
    {
        if (_over)
        {
            return End();
        }

        EnsureAsked();
        return _state.Value.Phase switch
        {
            RoundPhase.Collecting => Collect(),
            RoundPhase.Closing => Close(),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>A participant's grain is memory too; one that was made anew no longer knows what was asked. Not waited for: it is said again.</summary>
    private void EnsureAsked()
    {
        var now = time.GetUtcNow();
        if (now - _ensuredAt >= options.Value.AnnounceInterval)
        {
            _ensuredAt = now;
            Messages.Ensure(_plan!, _state.Value.TraceParent, _ledger.Silent(Wanted)).Ignore();
        }
    }

    private async Task Collect()
    {
        var decision = RoundRules.Decide(
            _state.Value.Selected.Length, _ledger.Commits.Count, _ledger.Declined.Count, _state.Value.Goal, Quorum, time.GetUtcNow() >= _deadline);
        if (decision == RoundDecision.Close)
        {
            faultSwitch.Reach(SiloPoints.Collected, _key.Number);
            await WriteContributors([.. _ledger.Commits.Keys], _state.Value.Attempt);
        }
        else if (decision == RoundDecision.Impossible && _key.Number > 0 && FirstRefusal is { } refusal)
        {
            await Finish(null, $"no participant can contribute to round {_key}; '{refusal.Participant}' says: {refusal.Reason}");
        }
        else if (decision is RoundDecision.QuorumMissed or RoundDecision.Impossible
            || (decision == RoundDecision.QuorumOutOfReach && _plan!.OnMissedQuorum != MissedQuorum.Extend))
        {
            await MissQuorum($"round {_key} has {_ledger.Commits.Count} of the {Quorum} updates that it needs.");
        }
    }

    private async Task WriteContributors(ImmutableArray<ParticipantId> contributors, int attempt)
    {
        await _state.Write(_state.Value with { Phase = RoundPhase.Closing, Contributors = contributors, Attempt = attempt });
        faultSwitch.Reach(SiloPoints.Closing, _key.Number);
        _deadline = time.GetUtcNow() + _plan!.Deadline;
        _pumpAgain = true;
    }

    private async Task Close()
    {
        var missing = _state.Value.Contributors.Where(contributor => !_ledger.Commits.ContainsKey(contributor)).ToImmutableArray();
        if (!missing.IsEmpty)
        {
            var givenUp = missing.Where(contributor => _ledger.Declined.ContainsKey(contributor) || time.GetUtcNow() >= _deadline).ToImmutableArray();
            if (!givenUp.IsEmpty)
            {
                await GiveUp(givenUp);
            }

            return;
        }

        if (await Job.IsOver(_key))
        {
            // A job that went on on two silos for a moment has opened a round again that is over.
            await End();
            return;
        }

        ImmutableArray<UpdateCommit> commits = [.. _state.Value.Contributors.Select(contributor => _ledger.Commits[contributor])];
        var closing = await closer.Close(_key, _plan!, _state.Value.Attempt, commits, _state.Value.TraceParent);
        if (_over)
        {
            return;
        }

        if (closing.Missing.IsEmpty)
        {
            await Finish(closing.Version, closing.Failure);
            return;
        }

        foreach (var participant in closing.Missing)
        {
            logger.RoundResend(_key, participant);
        }

        await Offer(closing.Missing.Where(_ledger.Lose).ToList());
        _pumpAgain = true;
    }

    /// <summary>The attempt goes up, and the round is done over without those who are gone.</summary>
    private async Task GiveUp(ImmutableArray<ParticipantId> gone)
    {
        var remaining = _state.Value.Contributors.RemoveRange(gone);
        if (remaining.Length >= Math.Max(1, Quorum))
        {
            logger.RoundGivenUp(_key, string.Join(", ", gone), _state.Value.Attempt + 1);
            await WriteContributors(remaining, _state.Value.Attempt + 1);
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
                await Finish(null, sentence + (FirstRefusal is { } refusal ? $" '{refusal.Participant}' says: {refusal.Reason}" : ""));
                break;
            case MissedQuorum.Skip:
                await Finish(null, null);
                break;
            default:
                _extensions++;
                RoundMetrics.Extended.Add(1);
                _deadline = time.GetUtcNow() + _plan.Deadline;
                logger.RoundExtended(_key, sentence, _extensions);
                _ledger.ForgetDeclined();
                await Offer(Wanted);
                break;
        }
    }

    private async Task Finish(Contracts.Models.VersionRecord? version, string? failure)
    {
        var seconds = (time.GetUtcNow() - _state.Value.OpenedAt).TotalSeconds;
        var committed = version?.Contributors.Length ?? 0;
        await Job.RoundEnded(new RoundOutcome(
            _key, version, failure, committed, _state.Value.Selected.Length - committed, _ledger.Commits.Values.Sum(commit => commit.BytesResent), seconds,
            _state.Value.TraceParent, _ledger.Commits.Values.Sum(commit => commit.TrainingSeconds))
        {
            Refusal = FirstRefusal,
        });
        if (version is not null)
        {
            RoundMetrics.Published.Add(1);
            RoundMetrics.RoundSeconds.Record(seconds);
        }

        faultSwitch.Reach(SiloPoints.Settled, _key.Number);
        await End();
    }

    private ParticipantRefusal? FirstRefusal =>
        _ledger.Declined.Select(entry => new ParticipantRefusal(entry.Key, entry.Value)).FirstOrDefault();

    /// <summary>Once, however many ask for it; again if it failed.</summary>
    private Task End()
    {
        _over = true;
        return _ending is null or { IsFaulted: true } ? _ending = SettleAndForget() : _ending;
    }

    private async Task SettleAndForget()
    {
        await Messages.Settle(_state.Value.Selected, await ShardCount());
        _plan = null;
        _timer?.Dispose();
        _timer = null;
        await _state.Clear();
        this.DeactivateOnIdle();
    }

    /// <summary>Also of a round without a commit, whose shards may hold what was sent.</summary>
    private async Task<int> ShardCount() => _plan?.Base is { } version
        ? (await manifests.Read(version.Manifest)).Plan.Count
        : _ledger.Commits.Values.Select(commit => commit.Shards.Length).DefaultIfEmpty(0).Max();
}
