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
using OrleansEdge.Grains.Placement;

namespace OrleansEdge.Grains.Rounds;

/// <summary>
/// One round: who was asked, who has committed, when it closes. Its phase is written before anything that follows from it is done; commits
/// are memory, because every participant keeps its update until the round is published.
/// </summary>
[Reentrant, Immovable, NearJob]
internal sealed class RoundGrain(
    IGrainContext context,
    [PersistentState("round", StorageNames.Grains)] IPersistentState<RoundState> state,
    IGrainFactory grains,
    RoundCloser closer,
    ManifestStore manifests,
    StrategyDeclarations strategies,
    FaultSwitch faultSwitch,
    TimeProvider time,
    IOptions<CoordinationOptions> options,
    ILogger<RoundGrain> logger) : IGrainBase, IRoundGrain, IRoundControl
{
    private readonly RoundKey _key = RoundKey.Parse(context.GrainId.Key.ToString());
    private readonly DurableState<RoundState> _state = new(state);
    private RoundLedger _ledger = new();
    private readonly RoundDeadline _deadline = new(time);
    private readonly RoundMessages _messages = new(RoundKey.Parse(context.GrainId.Key.ToString()), grains, time, options.Value.AnnounceInterval);
    private RoundPlan? _plan;
    private Pump? _pump;
    private IGrainTimer? _timer;
    private bool _over;
    private Task? _ending;

    public IGrainContext GrainContext => context;

    /// <summary>Whose updates are wanted now.</summary>
    private ImmutableArray<ParticipantId> Wanted =>
        _ledger.Remaining(_state.Value.Phase == RoundPhase.Closing ? _state.Value.Contributors : _state.Value.Selected);

    /// <summary>Who is counted on at all.</summary>
    private ImmutableArray<ParticipantId> Remaining => _ledger.Remaining(_state.Value.Selected);

    private int Goal => Math.Min(_state.Value.Goal, Remaining.Length);

    private IJobControl Job => grains.GetGrain<IJobControl>(_key.Job.Value);

    /// <summary>A number that the job's author has set is not lowered by those who withdraw; neither is what the strategy needs.</summary>
    private int Quorum => _plan?.Quorum is { } quorum ? Math.Min(quorum, _state.Value.Selected.Length)
        : Goal < _state.Value.Goal && _plan is { } plan ? Math.Max(Goal, strategies.MinimumContributions(plan.Strategy.Name, plan.Strategy.Options))
        : Goal;

    public async Task<bool> Resume(RoundPlan plan)
    {
        if (_state.Value.Phase == RoundPhase.None)
        {
            return false;
        }

        if (_plan is null)
        {
            _plan = plan;
            _deadline.Recover(_state.Value.OpenedAt, plan.Deadline, options.Value.RecoveryGrace);
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

        if (_over)
        {
            // It was opened in vain, and is opened again before this activation has gone.
            (_over, _ending, _ledger) = (false, null, new());
        }

        faultSwitch.Reach(SiloPoints.Selecting, _key.Number);
        await _state.Write(new()
        {
            Phase = RoundPhase.Collecting,
            Selected = selected.Sort(),
            Goal = Math.Min(goal, selected.Length),
            OpenedAt = time.GetUtcNow(),
            TraceParent = RoundTrace.Open(_key, plan.Instruction.TraceParent),
        });
        faultSwitch.Reach(SiloPoints.Opened, _key.Number);
        RoundMetrics.Opened.Add(1);
        _plan = plan;
        _deadline.Set(plan.Deadline);
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

        // A description of the tensors says nothing new once there is a version, and may be large.
        _ledger.Commit(_plan!.Base is null ? commit : commit with { Layout = null });
        RoundMetrics.Commits.Add(1);
        faultSwitch.Reach(SiloPoints.Collecting, _key.Number);
        _ = _pump?.Run();
        return new(CommitStanding.Committed);
    }

    public Task Decline(ParticipantId participant, string reason)
    {
        var sentence = ForeignText.Sentence(reason);
        if (_state.Value.Selected.Contains(participant) && _ledger.Decline(participant, sentence))
        {
            RoundMetrics.Declined.Add(1);
            logger.RoundDeclined(_key, participant, sentence);
            _ = _pump?.Run();
        }

        return Task.CompletedTask;
    }

    public Task Withdraw(ParticipantId participant, string reason)
    {
        var sentence = ForeignText.Sentence(reason);
        if (_state.Value.Selected.Contains(participant) && _ledger.Withdraw(participant, sentence))
        {
            RoundMetrics.Withdrawn.Add(1);
            logger.RoundWithdrawn(_key, participant, sentence);
            _ = _pump?.Run();
        }

        return Task.CompletedTask;
    }

    public async ValueTask<bool> IsOpen() =>
        _state.Value.Phase != RoundPhase.None && !_over && (_plan is not null || !await Job.IsOver(_key));

    public async ValueTask<bool> Accepts(ParticipantId participant, int shard) =>
        Wanted.Contains(participant) && await IsOpen() && shard < await MostShards();

    public ValueTask<RoundStatus?> GetStatus() => new(_state.Value.Phase == RoundPhase.None
        ? null
        : new RoundStatus(
            _key, _state.Value.Phase, _state.Value.Attempt, _state.Value.Selected.Length, _ledger.Commits.Count,
            _ledger.Declined.Concat(_ledger.Withdrawn).ToImmutableSortedDictionary(entry => entry.Key.Value, entry => entry.Value, StringComparer.Ordinal),
            Quorum, _deadline.At, _deadline.Extensions, _pump?.Trouble));

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
        _pump ??= new(this, Step, () => _plan is null, exception => logger.RoundStepFailed(exception, _key));
        _timer ??= this.RegisterGrainTimer(_pump.Run, new GrainTimerCreationOptions(options.Value.PumpPeriod, options.Value.PumpPeriod)
        {
            Interleave = true,
            KeepAlive = true,
        });
        await Offer(Wanted);
    }

    private Task Offer(IEnumerable<ParticipantId> participants) => _messages.Offer(
        _plan!, _state.Value.TraceParent, participants.Where(participant => !_ledger.Commits.ContainsKey(participant)));

    private Task Step()
    {
        if (_over)
        {
            return End();
        }

        _messages.Ensure(_plan!, _state.Value.TraceParent, _ledger.Silent(Wanted));
        return _state.Value.Phase switch
        {
            RoundPhase.Collecting => Collect(),
            RoundPhase.Closing => Close(),
            _ => Task.CompletedTask,
        };
    }

    private async Task Collect()
    {
        var decision = RoundRules.Decide(
            Remaining.Length, _ledger.Commits.Count, _ledger.Declined.Count, Goal, Quorum, _deadline.HasPassed);
        if (decision == RoundDecision.Close)
        {
            faultSwitch.Reach(SiloPoints.Collected, _key.Number);
            await WriteContributors([.. _ledger.Commits.Keys], _state.Value.Attempt);
        }
        else if (decision == RoundDecision.Impossible && _key.Number > 0 && _ledger.Withdrawn.Count == 0 && _ledger.FirstRefusal is { } refusal)
        {
            await Finish(null, $"no participant can contribute to round {_key}; '{refusal.Participant}' says: {refusal.Reason}");
        }
        else if (decision is RoundDecision.QuorumMissed or RoundDecision.Hopeless
            // Those that have withdrawn could do it another time: what the others say is not the end of the job.
            || (decision == RoundDecision.Impossible && (_key.Number == 0 || _deadline.HasPassed))
            || (decision == RoundDecision.QuorumOutOfReach && _plan!.OnMissedQuorum != MissedQuorum.Extend))
        {
            await MissQuorum($"round {_key} has {_ledger.Commits.Count} of the {Quorum} updates that it needs.");
        }
    }

    private async Task WriteContributors(ImmutableArray<ParticipantId> contributors, int attempt)
    {
        await _state.Write(_state.Value with { Phase = RoundPhase.Closing, Contributors = contributors, Attempt = attempt });
        faultSwitch.Reach(SiloPoints.Closing, _key.Number);
        _deadline.Set(_plan!.Deadline);
        _pump!.Again();
    }

    private async Task Close()
    {
        var missing = _state.Value.Contributors.Where(contributor => !_ledger.Commits.ContainsKey(contributor)).ToImmutableArray();
        if (!missing.IsEmpty)
        {
            var waitedFor = _deadline.HasPassed ? [] : Wanted.RemoveAll(_ledger.Declined.ContainsKey);
            var givenUp = missing.RemoveRange(waitedFor);
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
        _pump!.Again();
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
            case MissedQuorum.Fail when Remaining.IsEmpty:
                await Finish(null, null);
                break;
            case MissedQuorum.Fail:
                await Finish(null, sentence + (_ledger.FirstRefusal is { } refusal ? $" '{refusal.Participant}' says: {refusal.Reason}" : ""));
                break;
            case MissedQuorum.Skip:
            case MissedQuorum.Extend when Wanted.Length < Quorum:
                await Finish(null, null);
                break;
            default:
                _deadline.Extend(_plan.Deadline);
                RoundMetrics.Extended.Add(1);
                logger.RoundExtended(_key, sentence, _deadline.Extensions);
                _ledger.ForgetDeclined();
                await Offer(Wanted);
                break;
        }
    }

    private async Task Finish(Contracts.Models.VersionRecord? version, string? failure)
    {
        var seconds = (time.GetUtcNow() - _state.Value.OpenedAt).TotalSeconds;
        await Job.RoundEnded(_ledger.Sum(_key, _plan!, _state.Value, version, failure, seconds));
        if (version is not null)
        {
            RoundMetrics.Published.Add(1);
            RoundMetrics.RoundSeconds.Record(seconds);
        }

        faultSwitch.Reach(SiloPoints.Settled, _key.Number);
        await End();
    }

    /// <summary>Once, however many ask for it; again if it failed.</summary>
    private Task End()
    {
        _over = true;
        return _ending is null or { IsFaulted: true } ? _ending = SettleAndForget() : _ending;
    }

    private async Task SettleAndForget()
    {
        await _messages.Settle(_state.Value.Selected, await ShardCount());
        _plan = null;
        _timer?.Dispose();
        _timer = null;
        await _state.Clear();
        this.DeactivateOnIdle();
    }

    /// <summary>How many shards an update may have: the model's, or those of the largest model where there is none yet.</summary>
    private async ValueTask<int> MostShards() =>
        _plan?.Base is { } version ? (await manifests.Read(version.Manifest)).Plan.Count : CommitRules.MaximumShards;

    /// <summary>Also of a round without a commit, whose shards may hold what was sent.</summary>
    private async Task<int> ShardCount() => _plan?.Base is { } version
        ? (await manifests.Read(version.Manifest)).Plan.Count
        : _ledger.Commits.Values.Select(commit => commit.Shards.Length).DefaultIfEmpty(0).Max();
}
