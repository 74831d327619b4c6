using Azure.Storage.Blobs;
using Orleans.Runtime;
using OrleansEdge.Azurite;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Azure;

namespace OrleansEdge.Grains.Tests.Storage.Azure;

public sealed class AzureGrainStorageTests(AzuriteFixture azurite) : BlobGrainStorageTests, IAsyncLifetime
{
    private string _connection = null!;
    private AzureBlobStore _blobs = null!;

    protected override IBlobStore Blobs => _blobs;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await azurite.ConnectionString();
        _blobs = AzureBlobStore.Connect(_connection);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Blob_is_as_the_official_provider_leaves_it()
    {
        var state = new GrainState<CounterState>(new() { Count = 7 });
        await Storage(false).WriteStateAsync("counter", GrainId.Create("job", "harbour/dev7"), state);
        var container = Service.GetBlobContainerClient("grainstate");
        var blob = (await container.GetBlobClient("counter-job/harbour/dev7.json").GetPropertiesAsync(cancellationToken: Cancellation)).Value;
        Assert.Equal("application/octet-stream", blob.ContentType);
        Assert.Empty(blob.Metadata);
        Assert.Equal(0, blob.TagCount);
        Assert.Equal(blob.ETag.ToString("H"), state.ETag);

        await Storage(false).ClearStateAsync("counter", GrainId.Create("job", "harbour/dev7"), state);
        blob = (await container.GetBlobClient("counter-job/harbour/dev7.json").GetPropertiesAsync(cancellationToken: Cancellation)).Value;
        Assert.Equal(0, blob.ContentLength);
        Assert.Equal(blob.ETag.ToString("H"), state.ETag);
    }

    [Fact]
    public async Task Container_that_was_deleted_comes_back_with_the_next_write()
    {
        var grain = GrainId.Create("job", "digits");
        var state = new GrainState<CounterState>(new() { Count = 1 });
        await Storage(true).WriteStateAsync("counter", grain, state);
        await Service.DeleteBlobContainerAsync("grainstate", cancellationToken: Cancellation);

        var read = new GrainState<CounterState>();
        await Storage(true).ReadStateAsync("counter", grain, read);
        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
        await Storage(true).WriteStateAsync("counter", grain, read);
        Assert.True(read.RecordExists);
    }

    private BlobServiceClient Service => new(_connection, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2026_06_06));
}
