using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Grains.Storage.Providers;

namespace OrleansEdge.Grains.Tests.Storage;

public sealed class BlobGrainStorageTests : GrainStorageConformanceTests, IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("job", "digits");
    private static readonly BlobName Name = BlobName.Create("grainstate", "counter-job/digits.json");

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public BlobGrainStorageTests() => _blobs = FolderBlobStore.Open(_folder.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _services.Dispose();
        _blobs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task State_lies_as_plain_json_where_the_official_provider_has_it()
    {
        await Storage(true).WriteStateAsync("counter", Grain, new GrainState<CounterState>(new() { Count = 7 }));
        var blob = await _blobs.Read(Name, Cancellation);
        Assert.Equal("""{"count":7,"text":null}""", Encoding.UTF8.GetString(blob!.Bytes.Span));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("""{"count":"seven"}""")]
    [InlineData("""{"count":7,"count":8}""")]
    [InlineData("""{"count":7""")]
    [InlineData("[]")]
    public async Task Garbage_is_named_and_changes_nothing_in_memory(string garbage)
    {
        await _blobs.Write(Name, Encoding.UTF8.GetBytes(garbage), cancellation: Cancellation);
        var before = new CounterState { Count = 3 };
        var state = new GrainState<CounterState>(before, "tag") { RecordExists = true };
        var exception = await Assert.ThrowsAsync<BlobStoreException>(() => Storage(true).ReadStateAsync("counter", Grain, state));
        Assert.Contains(_blobs.Describe(Name), exception.Message);
        Assert.Same(before, state.State);
        Assert.Equal("tag", state.ETag);
        Assert.True(state.RecordExists);
    }

    [Fact]
    public async Task Grain_that_cannot_be_a_blob_is_named()
    {
        var state = new GrainState<CounterState>(new());
        var exception = await Assert.ThrowsAsync<BlobStoreException>(() =>
            Storage(true).WriteStateAsync("counter", GrainId.Create("job", "a/../b"), state));
        Assert.Contains("job/a/../b", exception.Message);
    }

    [Fact]
    public void Impossible_container_is_refused_when_the_silo_starts()
    {
        var validator = new BlobGrainStorageOptionsValidator(new() { ContainerName = "Grain State" }, "store");
        Assert.Contains("Grain State", Assert.Throws<OrleansConfigurationException>(validator.ValidateConfiguration).Message);
    }

    [Fact]
    public async Task Silo_has_the_storage_under_its_name_with_its_options()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IBlobStore>(_blobs);
            silo.AddBlobGrainStorage("store", options => options.ContainerName = "states");
        });
        await using var cluster = builder.Build();
        await cluster.DeployAsync(Cancellation);
        var services = cluster.GetSiloServiceProvider();
        var storage = services.GetRequiredKeyedService<IGrainStorage>("store");
        Assert.IsType<BlobGrainStorage>(storage);
        await storage.WriteStateAsync("counter", Grain, new GrainState<CounterState>(new() { Count = 1 }));
        Assert.True(await _blobs.Exists(BlobName.Create("states", Name.Path), Cancellation));
    }

    protected override IGrainStorage Storage(bool deleteOnClear) => new BlobGrainStorage(
        _blobs, new() { DeleteStateOnClear = deleteOnClear }, _services.GetRequiredService<IActivatorProvider>());
}
