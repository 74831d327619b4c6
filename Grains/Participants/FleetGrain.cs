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
    private readonly Dictionary<ParticipantId, DateTimeOffset> _admitted = [];
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public IGrainContext GrainContext => context;

    public Task Announce(FleetEntry entry)
    {
        _entries[entry.Participant] = entry;
        _admitted.Remove(entry.Participant);
        census.Count(entry);
        return Task.CompletedTask;
    }

    public ValueTask<bool> Admit(ParticipantId participant)
    {
        ForgetAbsent();
        var isKnown = _admitted.ContainsKey(participant) || (_entries.TryGetValue(participant, out var entry) && IsAlive(entry));
        var isAdmitted = isKnown || !HasNoPlace();
        if (isAdmitted && options.Value.MaximumParticipants > 0)
        {
            _admitted[participant] = time.GetUtcNow();
        }

        return new(isAdmitted);
    }

    public ValueTask<bool> IsFull()
    {
        ForgetAbsent();
        return new(HasNoPlace());
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

    /// <summary>Gives back the places of those that were admitted and did not come.</summary>
    private void ForgetAbsent()
    {
        foreach (var gone in _admitted.Where(pair => time.GetUtcNow() - pair.Value >= options.Value.Liveness).Select(pair => pair.Key).ToList())
        {
            _admitted.Remove(gone);
        }
    }

    private bool HasNoPlace()
    {
        if (options.Value.MaximumParticipants <= 0)
        {
            return false;
        }

        var alive = _entries.Values.Where(IsAlive).Select(entry => entry.Participant);
        return alive.Union(_admitted.Keys).Count() >= options.Value.MaximumParticipants;
    }

    private bool IsAlive(FleetEntry entry) => time.GetUtcNow() - entry.LastSeen < options.Value.Liveness;
}
