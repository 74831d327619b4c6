using System.Collections.Concurrent;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using OrleansEdge.Azurite;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Azure;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Tests.Storage.Azure;

namespace OrleansEdge.Grains.Tests.Storage;

/// <summary>A store of a test's own, of one kind or another, that outlives the processes that work on it.</summary>
internal abstract class TestStore : IDisposable
{
    private readonly ConcurrentBag<IBlobStore> _opened = [];

    /// <summary>Files in a folder.</summary>
    public static TestStore InFolder() => new FolderStore();

    /// <summary>An account of Azurite; skips the test, with the reason, where that cannot be had.</summary>
    public static async Task<TestStore> In(AzuriteFixture azurite) => new AzureStore(await azurite.ConnectionString());

    /// <summary>Opens it as a process does. One in a folder is open once at a time.</summary>
    public IBlobStore Open()
    {
        var store = Connect();
        _opened.Add(store);
        return store;
    }

    /// <summary>Plants a blob of zeros, however long, without writing them.</summary>
    public abstract Task PlantZeros(BlobName name, long length);

    public virtual void Dispose()
    {
        foreach (var store in _opened.OfType<IDisposable>())
        {
            store.Dispose();
        }
    }

    private protected abstract IBlobStore Connect();

    private sealed class FolderStore : TestStore
    {
        private readonly TemporaryFolder _folder = new();

        public override async Task PlantZeros(BlobName name, long length)
        {
            var path = _folder[Path.Combine("store", name.Container, BlobFileNames.Encode(name.Path))];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var file = File.Create(path);
            file.SetLength(length);
        }

        public override void Dispose()
        {
            base.Dispose();
            _folder.Dispose();
        }

        private protected override IBlobStore Connect() => FolderBlobStore.Open(_folder["store"]);
    }

    private sealed class AzureStore(string connection) : TestStore
    {
        public override async Task PlantZeros(BlobName name, long length)
        {
            var container = new BlobServiceClient(connection, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2026_06_06)).GetBlobContainerClient(name.Container);
            await container.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
            await container.GetPageBlobClient(name.Path).CreateAsync(length, cancellationToken: TestContext.Current.CancellationToken);
        }

        private protected override IBlobStore Connect() => AzureBlobStore.Connect(connection);
    }
}
