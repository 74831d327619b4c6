using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Tests.Storage;

/// <summary>Tests that are run on each kind of store: a class for each derives from theirs.</summary>
public abstract class EachStoreTests : IAsyncLifetime
{
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The store of this test.</summary>
    private protected TestStore Store { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Store = await Make();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Store?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes an empty store.</summary>
    private protected abstract Task<TestStore> Make();

    /// <summary>All blobs of a container, in the order of their names.</summary>
    private protected static async Task<IReadOnlyList<string>> Names(IBlobStore store, string container) =>
        [.. (await store.Entries(container)).Select(entry => entry.Name.Path)];
}
