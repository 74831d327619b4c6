using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Coordination;

namespace OrleansEdge.Grains.Models;

/// <summary>The versions of one model: numbers, head, promotion. Weights never pass here, only hashes.</summary>
internal sealed class ModelGrain(
    IGrainContext context,
    [PersistentState("model", StorageNames.Grains)] IPersistentState<ModelState> state,
    VersionStore versions,
    VersionPublisher publisher) : IGrainBase, IModelGrain, IModelControl
{
    private readonly DurableState<ModelState> _state = new(state);

    public IGrainContext GrainContext => context;

    private ModelName Name => ModelName.Parse(context.GrainId.Key.ToString());

    public async ValueTask<VersionRecord?> Find(int? number)
    {
        var wanted = number ?? _state.Value.Count - 1;
        if (wanted < 0 || wanted >= _state.Value.Count)
        {
            return null;
        }

        var id = new ModelVersionId(Name, wanted);
        return _state.Value.Pruned.Has(wanted) ? throw VersionPrunedException.Of(id) : await versions.Read(id);
    }

    public Task<VersionRecord> Publish(VersionRecord draft) => publisher.Publish(Name, _state, draft);

    public ValueTask<ModelStatus> GetStatus() => new(new ModelStatus(
        _state.Value.Count > 0 ? _state.Value.Count - 1 : null,
        _state.Value.Promotions.IsEmpty ? null : _state.Value.Promotions[^1]));

    public async Task<bool> Promote(int number)
    {
        if (number < 0 || number >= _state.Value.Count || _state.Value.Pruned.Has(number))
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

    public ValueTask<ModelVersions> GetVersions() =>
        new(new ModelVersions(_state.Value.Count, _state.Value.Promotions, _state.Value.Published, _state.Value.Pruned));

    public async Task Prune(ImmutableArray<int> numbers)
    {
        var current = _state.Value;
        var pruned = current.Pruned.With(numbers.Where(
            number => number >= 0 && number < current.Count - 1 && !current.Promotions.Contains(number)));
        if (!pruned.SequenceEqual(current.Pruned))
        {
            await _state.Write(current with { Pruned = pruned });
        }
    }
}
