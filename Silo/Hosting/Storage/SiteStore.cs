using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Azure;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Silo.Hosting.Storage;

/// <summary>The site's store, open and its own.</summary>
internal sealed class SiteStore : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private SiteStore(IBlobStore blobs) => Blobs = blobs;

    /// <summary>The store.</summary>
    public IBlobStore Blobs { get; }

    /// <summary>What tells it from all others: see <see cref="StoreOwner.Claim"/>.</summary>
    public Guid Id { get; private set; }

    /// <summary>
    /// Opens the store and takes it for the site. A service that does not answer yet is waited for half a minute: a machine may start all at once.
    /// </summary>
    /// <param name="location">Where it is.</param>
    /// <param name="site">Whose it is.</param>
    /// <param name="configuration">Where the connection string may be.</param>
    /// <param name="time">For the wait.</param>
    /// <param name="onWait">Told once, with the reason, that it is waited.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BlobStoreException">The store cannot be used, or is another site's.</exception>
    /// <exception cref="FormatException">The connection string is missing.</exception>
    public static async Task<SiteStore> Open(
        StoreLocation location, SiteName site, IConfiguration configuration, TimeProvider time, Action<string> onWait, CancellationToken cancellation)
    {
        var store = new SiteStore(Connect(location, configuration));
        try
        {
            await store.Take(site, time, onWait, cancellation);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Gives a folder back.</summary>
    public void Dispose() => (Blobs as IDisposable)?.Dispose();

    private static IBlobStore Connect(StoreLocation location, IConfiguration configuration) => location switch
    {
        StoreFolder folder => FolderBlobStore.Open(folder.Path),
        AzureConnection => AzureBlobStore.Connect(StoreConnection.Read(configuration)),
        AzureAccount account => AzureBlobStore.Connect(account.Account, new SiteCredential(account.Account)),
        _ => throw new ArgumentOutOfRangeException(nameof(location)),
    };

    private async Task Take(SiteName site, TimeProvider time, Action<string> onWait, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Id = await StoreOwner.Claim(Blobs, site, cancellation);
                return;
            }
            catch (BlobStoreException exception) when (exception.IsPassing && time.GetElapsedTime(began) < Patience)
            {
                if (attempt == 1)
                {
                    onWait($"{exception.Message} Trying again for {Patience.TotalSeconds:0} seconds.");
                }

                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
