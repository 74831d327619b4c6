using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Tests.Storage;

/// <summary>Listings at once.</summary>
internal static class BlobListing
{
    /// <summary>All blobs of a container, in the order of their names.</summary>
    public static async Task<IReadOnlyList<BlobEntry>> Entries(this IBlobStore store, string container)
    {
        var entries = new List<BlobEntry>();
        await foreach (var entry in store.List(container, cancellation: TestContext.Current.CancellationToken))
        {
            entries.Add(entry);
        }

        return entries;
    }
}
