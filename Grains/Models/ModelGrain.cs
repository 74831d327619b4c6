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
    KillSwitch killSwitch) : IGrainBase, IModelGrain, IModelControl
{
    public IGrainContext GrainContext => context;

    private ModelName Name => ModelName.Parse(context.GrainId.Key.ToString());

    public async ValueTask<VersionRecord?> Find(int? number)
    {
        var wanted = number ?? state.State.Count - 1;
        return wanted >= 0 && wanted < state.State.Count ? await versions.Read(new(Name, wanted)) : null;
    }

    public async Task<VersionRecord> Publish(VersionRecord draft)
    {
        var current = state.State;
        if (current.Count > 0 && draft.Job is not null && current.HeadJob == draft.Job && current.HeadRound == draft.Round
            && await Find(null) is { } published)
        {
            return published;
        }

        var record = draft with { Id = new(Name, current.Count) };
        if (!await versions.TryWrite(record))
        {
            await state.ReadStateAsync();
            throw new InvalidOperationException($"Version {record.Id} was written by someone else at the same time; it is tried again.");
        }

        killSwitch.Reach(SiloKillPoints.Publishing, draft.Round);
        current.Count++;
        current.HeadJob = draft.Job;
        current.HeadRound = draft.Round;
        await state.WriteStateAsync();
        killSwitch.Reach(SiloKillPoints.Published, draft.Round);
        return record;
    }

    public ValueTask<ModelStatus> GetStatus() => new(new ModelStatus(
        state.State.Count > 0 ? state.State.Count - 1 : null,
        state.State.Promotions.IsEmpty ? null : state.State.Promotions[^1]));

    public async Task<bool> Promote(int number)
    {
        if (number < 0 || number >= state.State.Count)
        {
            return false;
        }

        if (state.State.Promotions.IsEmpty || state.State.Promotions[^1] != number)
        {
            var promotions = state.State.Promotions.Add(number);
            state.State.Promotions = promotions.Length > ModelState.PromotionsKept ? promotions.RemoveAt(0) : promotions;
            await state.WriteStateAsync();
        }

        return true;
    }

    public async Task<int?> Rollback()
    {
        if (state.State.Promotions.Length < 2)
        {
            return null;
        }

        state.State.Promotions = state.State.Promotions.RemoveAt(state.State.Promotions.Length - 1);
        await state.WriteStateAsync();
        return state.State.Promotions[^1];
    }
}
