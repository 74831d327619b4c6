using System.Collections.Immutable;
using System.Text.Json;
using Orleans.Storage;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Retention;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Grains.Tests.Retention;

/// <summary>The state of a model's grain, on a store of its own choice.</summary>
internal sealed class StoredModel(IBlobStore store) : IPersistentState<ModelState>
{
    public static BlobName Name { get; } = BlobName.Create("grainstate", "model");

    public ModelState State { get; set; } = new();

    public string Etag { get; private set; } = "";

    public bool RecordExists => Etag.Length > 0;

    public async Task ReadStateAsync()
    {
        var blob = await store.Read(Name);
        State = blob is null ? new() : JsonSerializer.Deserialize<ModelState>(blob.Bytes.Span, StateJson.Options)!;
        Etag = blob?.ETag ?? "";
    }

    public async Task WriteStateAsync()
    {
        try
        {
            Etag = await store.Write(Name, JsonSerializer.SerializeToUtf8Bytes(State, StateJson.Options), BlobCondition.Unchanged(Etag));
        }
        catch (BlobConflictException exception)
        {
            throw new InconsistentStateException(exception.Message);
        }
    }

    public Task ClearStateAsync() => throw new NotSupportedException();

    public Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();

    public Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    public Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();
}

/// <summary>A site without jobs, whose one model is asked by reading its state.</summary>
internal sealed class StoredHolders(IBlobStore store) : IReferenceHolders
{
    public Task<ImmutableArray<RunningJob>> GetJobs(CancellationToken cancellation) => Task.FromResult(ImmutableArray<RunningJob>.Empty);

    public async Task<ModelVersions> GetVersions(ModelName model, CancellationToken cancellation)
    {
        var state = new StoredModel(store);
        await state.ReadStateAsync(cancellation);
        return new(state.State.Count, state.State.Promotions, state.State.Published, state.State.Pruned);
    }

    public Task Prune(ModelName model, ImmutableArray<int> numbers, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> EndIfOver(RoundKey round, CancellationToken cancellation) => throw new NotSupportedException();
}
