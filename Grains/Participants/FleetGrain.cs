using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Coordination;

namespace OrleansEdge.Grains.Participants;

/// <summary>Memory only: after a restart the heartbeats fill it again within one announcement.</summary>
[Orleans.Concurrency.Reentrant]
internal sealed class FleetGrain(IGrainContext context, TimeProvider time, FleetCensus census, IOptions<CoordinationOptions> options)
    : IGrainBase, IFleetGrain
{
    /// <summary>Participants that have been silent for this many lifetimes are forgotten, so that the index does not grow for ever.</summary>
    private const int ForgetAfterLifetimes = 240;

    private readonly SortedDictionary<ParticipantId, FleetEntry> _entries = [];
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public IGrainContext GrainContext => context;

    public Task Announce(FleetEntry entry)
    {
        _entries[entry.Participant] = entry;
        census.Count(entry);
        return Task.CompletedTask;
    }

    public ValueTask<FleetCandidates> GetCandidates(DataName data) => new(new FleetCandidates(
        [.. _entries.Values.Where(entry => IsAlive(entry) && entry.Data.Contains(data)).Select(entry => entry.Participant)],
        time.GetUtcNow() - _startedAt));

    public ValueTask<ImmutableArray<FleetEntry>> List()
    {
        var horizon = time.GetUtcNow() - (options.Value.Liveness * ForgetAfterLifetimes);
        foreach (var forgotten in _entries.Values.Where(entry => entry.LastSeen < horizon).Select(entry => entry.Participant).ToList())
        {
            _entries.Remove(forgotten);
        }

        return new([.. _entries.Values.Select(entry => entry with { Alive = IsAlive(entry) })]);
    }

    Task IGrainBase.OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        census.Clear();
        return Task.CompletedTask;
    }

    private bool IsAlive(FleetEntry entry) => time.GetUtcNow() - entry.LastSeen < options.Value.Liveness;
}
