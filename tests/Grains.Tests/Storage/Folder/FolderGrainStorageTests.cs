using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Grains.Tests.Storage.Folder;

public sealed class FolderGrainStorageTests : BlobGrainStorageTests
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;

    public FolderGrainStorageTests() => _blobs = FolderBlobStore.Open(_folder.Path);

    protected override IBlobStore Blobs => _blobs;

    public override void Dispose()
    {
        base.Dispose();
        _blobs.Dispose();
        _folder.Dispose();
    }
}
