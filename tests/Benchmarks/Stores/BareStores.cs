using Azure.Storage.Blobs;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Benchmarks.Stores;

/// <summary>The least that does the same as a store.</summary>
internal interface IBareStore
{
    /// <summary>Writes durably.</summary>
    Task Write(string name, byte[] content, CancellationToken cancellation);

    /// <summary>Reads all; returns the number of bytes.</summary>
    Task<int> Read(string name, CancellationToken cancellation);
}

/// <summary>A file that is written, flushed, renamed, and its folder flushed.</summary>
internal sealed class BareFolder : IBareStore
{
    private readonly string _folder;

    public BareFolder(string folder) => _folder = Directory.CreateDirectory(folder).FullName;

    public Task Write(string name, byte[] content, CancellationToken cancellation)
    {
        var (temporary, target) = (Path.Combine(_folder, "temporary"), Path.Combine(_folder, name));
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, target, overwrite: true);
        FolderDurability.Flush(_folder);
        return Task.CompletedTask;
    }

    public async Task<int> Read(string name, CancellationToken cancellation) => (await File.ReadAllBytesAsync(Path.Combine(_folder, name), cancellation)).Length;
}

/// <summary>The service's own client, with its defaults.</summary>
internal sealed class BareClient : IBareStore
{
    private readonly BlobContainerClient _container;

    private BareClient(BlobContainerClient container) => _container = container;

    public static async Task<BareClient> Create(string connectionString)
    {
        var service = new BlobServiceClient(connectionString, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2026_06_06));
        return new((await service.CreateBlobContainerAsync("benchmark")).Value);
    }

    public Task Write(string name, byte[] content, CancellationToken cancellation) =>
        _container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, cancellation);

    public async Task<int> Read(string name, CancellationToken cancellation) =>
        (await _container.GetBlobClient(name).DownloadContentAsync(cancellation)).Value.Content.ToMemory().Length;
}
