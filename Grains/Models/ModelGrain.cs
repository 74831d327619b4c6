using System.Collections.Immutable;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Coordination;

namespace OrleansEdge.Grains.Models;

/// <summary>The versions of one model: numbers, head, promotion. Weights never pass here, only hashes.</summary>
internal sealed class ModelGrain(
    IGrainContext context,
    [PersistentState("model", StorageNames.Grains)] IPersistentState<ModelState> state,
    VersionStore versions,
    FaultSwitch faultSwitch) : IGrainBase, IModelGrain, IModelControl
{
    private readonly DurableState<ModelState> _state = new(state);

    public IGrainContext GrainContext => context;

    private ModelName Name => ModelName.Parse(context.GrainId.Key.ToString());

    public async ValueTask<VersionRecord?> Find(int? number)
    {
        var wanted = number ?? _state.Value.Count - 1;
        return wanted >= 0 && wanted < _state.Value.Count ? await versions.Read(new(Name, wanted)) : null;
    }

    public async Task<VersionRecord> Publish(VersionRecord draft)
    {
        var current = _state.Value;
        if (current.Published.FirstOrDefault(last => last.Job == draft.Job && last.Round >= draft.Round) is { } last)
        {
            // A job that goes on on two silos for a moment can open a round again that is over.
            return last.Round == draft.Round && await Find(last.Number) is { } published
                ? published
                : throw new InvalidOperationException($"Round {draft.Round} of job '{draft.Job}' is over: a later one has published.");
        }

        var record = draft with { Id = new(Name, current.Count) };
        var slot = await versions.Look(record.Id);
        if (VersionStore.IsTaken(slot, record))
        {
            // Whoever has left that record may be about to move the head to it on another silo: this write makes that fail.
            await _state.Write(current with { });
        }

        if (!await versions.TryWrite(record, slot))
        {
            await _state.Read();
            throw new InvalidOperationException($"Version {record.Id} was written by someone else at the same time; it is tried again.");
        }

        faultSwitch.Reach(SiloPoints.Publishing, draft.Round);
        await _state.Write(current with { Count = current.Count + 1, Published = Remember(current.Published, record) });
        faultSwitch.Reach(SiloPoints.Published, draft.Round);
        return record;
    }

    public ValueTask<ModelStatus> GetStatus() => new(new ModelStatus(
        _state.Value.Count > 0 ? _state.Value.Count - 1 : null,
        _state.Value.Promotions.IsEmpty ? null : _state.Value.Promotions[^1]));

    public async Task<bool> Promote(int number)
    {
        if (number < 0 || number >= _state.Value.Count)
        {
            return false;
        }

        if (_state.Value.Promotions.IsEmpty || _state.Value.Promotions[^1] != number)
        {
            var promotions = _state.Value.Promotions.Add(number);
            await _state.Write(_state.Value with { Promotions = promotions.Length > ModelState.PromotionsKept ? promotions.RemoveAt(0) : promotions });
        }

        return true;
    }

    public async Task<int?> Rollback()
    {
        var promotions = _state.Value.Promotions;
        if (promotions.Length < 2)
        {
            return null;
        }

        await _state.Write(_state.Value with { Promotions = promotions.RemoveAt(promotions.Length - 1) });
        return promotions[^2];
    }

    /// <summary>A job publishes its rounds one after the other, so its last one is all that can come again.</summary>
    private static ImmutableArray<PublishedRound> Remember(ImmutableArray<PublishedRound> published, VersionRecord record)
    {
        if (record.Job is not { } job)
        {
            return published;
        }

        var others = published.RemoveAll(last => last.Job == job);
        return (others.Length >= ModelState.JobsKept ? others.RemoveAt(0) : others).Add(new(job, record.Round, record.Id.Number));
    }
}
