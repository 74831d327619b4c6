using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Telemetry;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Placement;
using OrleansEdge.Grains.Sites;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Rounds;

/// <summary>
/// Stages the updates of one parameter range and folds exactly the list that the round gives it. All of it is memory: a shard that has lost
/// it says which updates are missing, and their participants send them again.
/// </summary>
[Reentrant, Immovable, NearJob]
internal sealed partial class ShardGrain(
    IGrainContext context,
    ILocalSiloDetails silo,
    IGrainFactory grains,
    StagingArea staging,
    PermitBudget permits,
    FoldScheduler scheduler,
    ContentStore content,
    StrategyCatalogue strategies,
    FaultSwitch faultSwitch,
    IOptions<CoordinationOptions> options,
    ILogger<ShardGrain> logger) : IGrainBase, IShardGrain, IShardControl
{
    private const int InFlightOfOneUpload = Chunk.PreferredLength * Chunk.PreferredInFlight;

    private readonly Guid _incarnation = Guid.NewGuid();
    private readonly Dictionary<ParticipantId, StagedUpdate> _updates = [];
    private readonly ShardKey _key = ShardKey.Parse(context.GrainId.Key.ToString());
    private (ShardFinish Finish, Task<ShardResult> Result)? _folding;
    private readonly HashSet<ParticipantId> _accepted = [];
    private IGrainTimer? _timer;
    private bool _released;

    public IGrainContext GrainContext => context;

    private IRoundControl Round => grains.GetGrain<IRoundControl>(_key.Round.ToString());

    public async ValueTask<UploadReply> Begin(UploadHeader header)
    {
        if (UploadRules.Refuse(header) is { } refusal)
        {
            return refusal;
        }

        if (!await IsAccepted(header.Participant))
        {
            return new(UploadStanding.RoundOver);
        }

        var known = _updates.TryGetValue(header.Participant, out var update) && update.Header == header ? update : null;
        if (known is { IsStaged: true })
        {
            return new(UploadStanding.Staged);
        }

        return TryTakePermit(header)
            ? new(UploadStanding.Receiving, known?.Missing ?? UploadRules.AllOffsets(header.Length), Silo: SiloNumber.Of(silo))
            : new(UploadStanding.Busy, RetryAfter: options.Value.PermitRetry);
    }

    public async ValueTask<UploadReply> Append(UploadHeader header, int offset, Chunk chunk)
    {
        if ((UploadRules.Refuse(header) ?? UploadRules.Refuse(header, offset, chunk)) is { } refusal)
        {
            return refusal;
        }

        if (!await IsAccepted(header.Participant))
        {
            return new(UploadStanding.RoundOver);
        }

        if (_updates.TryGetValue(header.Participant, out var known) && known.Header == header && known.IsStaged)
        {
            return new(UploadStanding.Staged);
        }

        return TryTakePermit(header) ? Stage(header, offset, chunk) : new(UploadStanding.Busy, RetryAfter: options.Value.PermitRetry);
    }

    public async Task<ShardMeasurement> Measure(ShardContributors contributors)
    {
        if (Missing(contributors) is { IsEmpty: false } missing)
        {
            return new(missing, []);
        }

        var updates = contributors.Headers.Select(header => _updates[header.Participant]).ToImmutableArray();
        var width = contributors.Headers[0].Length / sizeof(float);
        var distances = await Reading(updates, () => scheduler.Run(() => ShardFold.Measure([.. updates.Select(update => update.Values)], width)));
        return new([], [.. distances.Sums]);
    }

    public async Task<ShardResult> Finish(ShardFinish finish)
    {
        // Between an answer and the publication anything may come, and what nothing refers to may be collected.
        if (_folding is { Result.IsCompletedSuccessfully: true } done && await done.Result is { Result: { } shard } && !await content.Touch(shard)
            && _folding?.Result == done.Result)
        {
            _folding = null;
        }

        if (Missing(finish.Contributors) is { IsEmpty: false } missing)
        {
            return new(finish.Contributors.Attempt, _incarnation, missing, null, null);
        }

        // The same question asked again, perhaps while the first answer is being computed, is the same fold.
        if (_folding is not { } folding || !IsSame(folding.Finish, finish) || folding.Result.IsFaulted || folding.Result.IsCanceled)
        {
            folding = (finish, Fold(finish));
            _folding = folding;
        }

        return await folding.Result;
    }

    public Task Release()
    {
        _released = true;
        _accepted.Clear();
        _timer?.Dispose();
        _timer = null;
        _folding = null;
        foreach (var participant in _updates.Keys.ToList())
        {
            Discard(participant);
        }

        this.DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <summary>Spilled updates hold open files, which must not wait for the collector.</summary>
    Task IGrainBase.OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Release();

    private static bool IsSame(ShardFinish left, ShardFinish right) =>
        left.Contributors.Attempt == right.Contributors.Attempt && left.Base == right.Base && left.Width == right.Width
        && left.Contributors.Headers.SequenceEqual(right.Contributors.Headers) && left.Weights.SequenceEqual(right.Weights);

    private bool TryTakePermit(UploadHeader header)
    {
        var isTaken = permits.TryRenew(_key, header.Participant, Math.Min(header.Length, InFlightOfOneUpload));
        if (!isTaken)
        {
            RoundMetrics.PermitsRefused.Add(1);
        }

        return isTaken;
    }

    private UploadReply Stage(UploadHeader header, int offset, Chunk chunk)
    {
        try
        {
            if (!_updates.TryGetValue(header.Participant, out var update) || update.Header != header)
            {
                update?.Dispose();
                _updates.Remove(header.Participant);
                if (staging.Allocate(header.Length, header.Participant) is not { } values)
                {
                    RoundMetrics.StagingRefused.Add(1);
                    return new(UploadStanding.Refused, Reason: $"'{header.Participant}' has more of its updates here than a device may have: its other jobs must end first.");
                }

                update = new StagedUpdate(header, values);
                _updates[header.Participant] = update;
            }

            if (update.Append(offset, chunk) is { } fault)
            {
                Discard(header.Participant);
                return new(UploadStanding.Refused, Reason: fault);
            }

            faultSwitch.Reach(ShardPoints.Staging, _key.Round.Number, _key.Index);
            if (!update.IsStaged)
            {
                return new(UploadStanding.Receiving);
            }

            permits.End(_key, header.Participant);
            faultSwitch.Reach(ShardPoints.Staged, _key.Round.Number, _key.Index);
            return new(UploadStanding.Staged);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The silo cannot spill, most likely because its disk is full: the participant keeps its update and asks again.
            Discard(header.Participant);
            LogSpillFailed(_key, exception.Message);
            return new(UploadStanding.Busy, RetryAfter: TimeSpan.FromSeconds(1));
        }
    }

    private void Discard(ParticipantId participant)
    {
        permits.End(_key, participant);
        if (_updates.Remove(participant, out var update))
        {
            update.Dispose();
        }
    }

    private ImmutableArray<ParticipantId> Missing(ShardContributors contributors) =>
    [
        .. contributors.Headers
            .Where(header => !_updates.TryGetValue(header.Participant, out var update) || !update.IsStaged || update.Header != header)
            .Select(header => header.Participant),
    ];

    /// <summary>
    /// Asked once for each participant: a stranger's chunks and those of a round that is over must not take memory.
    /// </summary>
    private async ValueTask<bool> IsAccepted(ParticipantId participant)
    {
        if (!_accepted.Contains(participant))
        {
            if (_released || !await Round.Accepts(participant, _key.Index) || _released)
            {
                return false;
            }

            _accepted.Add(participant);
            _timer ??= this.RegisterGrainTimer(ReleaseIfOver, new GrainTimerCreationOptions(options.Value.Liveness, options.Value.Liveness) { Interleave = true });
        }

        return true;
    }

    /// <summary>A round that ends without knowing how many shards it had cannot tell them.</summary>
    private async Task ReleaseIfOver()
    {
        if (!await Round.IsOpen())
        {
            await Release();
        }
    }

    private async Task<ShardResult> Fold(ShardFinish finish)
    {
        using var span = OrleansEdgeTelemetry.Start("fold", finish.TraceParent, _key.Round);
        span?.SetTag(OrleansEdgeTelemetry.ShardTag, _key.Index);
        var used = finish.Contributors.Headers.Zip(finish.Weights).Where(pair => pair.Second > 0).ToImmutableArray();
        var updates = used.Select(pair => _updates[pair.First.Participant]).ToImmutableArray();
        var weights = used.Select(pair => pair.Second).ToImmutableArray();
        var strategy = strategies.Create(finish.Strategy.Name, finish.Strategy.Options);
        faultSwitch.Reach(ShardPoints.Folding, _key.Round.Number, _key.Index);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var result = await Reading(updates, () => scheduler.Run(() => ShardStore.WriteNext(
            content, strategy, [.. updates.Select(update => update.Values)], weights, finish.Base, finish.Width)));
        RoundMetrics.FoldSeconds.Record(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds);
        faultSwitch.Reach(ShardPoints.Written, _key.Round.Number, _key.Index);
        return new(finish.Contributors.Attempt, _incarnation, [], result, result is null
            ? "the aggregated weights are not finite numbers: lower the learning rate, or use a robust strategy such as coordinate-median."
            : null);
    }

    /// <summary>
    /// Reads outside the grain's turns, while a participant may send another update in the place of the one that is read, or the round may
    /// be given up: the memory must not go to somebody else before the reading ends.
    /// </summary>
    private static async Task<T> Reading<T>(ImmutableArray<StagedUpdate> updates, Func<Task<T>> read)
    {
        foreach (var update in updates)
        {
            update.Hold();
        }

        try
        {
            return await read();
        }
        finally
        {
            foreach (var update in updates)
            {
                update.Unhold();
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Shard {Shard} cannot spill an update: {Reason}")]
    private partial void LogSpillFailed(ShardKey shard, string reason);
}
