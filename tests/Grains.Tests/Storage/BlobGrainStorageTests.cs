using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Grains.Storage.Providers;
using OrleansEdge.Grains.Tests.Cluster;

namespace OrleansEdge.Grains.Tests.Storage;

/// <summary>Grain state on a blob store. A store's tests derive from this.</summary>
public abstract class BlobGrainStorageTests : GrainStorageConformanceTests, IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("job", "digits");
    private static readonly BlobName Name = BlobName.Create("grainstate", "counter-job/digits.json");

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    /// <summary>An empty store.</summary>
    protected abstract IBlobStore Blobs { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual void Dispose()
    {
        _services.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task State_lies_as_plain_json_where_the_official_provider_has_it()
    {
        await Storage(true).WriteStateAsync("counter", Grain, new GrainState<CounterState>(new() { Count = 7 }));
        var blob = await Blobs.Read(Name, Cancellation);
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
        await Blobs.Write(Name, Encoding.UTF8.GetBytes(garbage), cancellation: Cancellation);
        var before = new CounterState { Count = 3 };
        var state = new GrainState<CounterState>(before, "tag") { RecordExists = true };
        var exception = await Assert.ThrowsAsync<BlobStoreException>(() => Storage(true).ReadStateAsync("counter", Grain, state));
        Assert.Contains(Blobs.Describe(Name), exception.Message);
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
            silo.Services.AddSingleton(Blobs);
            silo.AddBlobGrainStorage("store", options => options.ContainerName = "states");
        });
        await using var cluster = builder.Build();
        await cluster.DeployAsync(Cancellation);
        var services = cluster.GetSiloServiceProvider();
        var storage = services.GetRequiredKeyedService<IGrainStorage>("store");
        Assert.IsType<BlobGrainStorage>(storage);
        await storage.WriteStateAsync("counter", Grain, new GrainState<CounterState>(new() { Count = 1 }));
        Assert.True(await Blobs.Exists(BlobName.Create("states", Name.Path), Cancellation));
    }

    [Fact]
    public async Task Configuration_alone_adds_the_storage_with_its_options()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Orleans:GrainStorage:Default:ProviderType"] = "Blob",
            ["Orleans:GrainStorage:store:ProviderType"] = "Blob",
            ["Orleans:GrainStorage:store:ContainerName"] = "states",
            ["Orleans:GrainStorage:store:DeleteStateOnClear"] = "false",
            ["Orleans:GrainStorage:store:ServiceKey"] = "shared",
            ["Orleans:GrainStorage:store:SerializerKey"] = "plain",
        });
        builder.Services.AddKeyedSingleton("shared", Blobs);
        builder.Services.AddKeyedSingleton<IGrainStorageSerializer>("plain", new PlainSerializer());
        var unused = new CrashableStore(Blobs);
        unused.Die();
        builder.Services.AddSingleton<IBlobStore>(unused);
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        using var host = builder.Build();
        var storage = host.Services.GetRequiredKeyedService<IGrainStorage>("store");
        var state = new GrainState<CounterState>(new() { Count = 7 });
        await storage.WriteStateAsync("counter", Grain, state);
        Assert.Equal("plain", Encoding.UTF8.GetString((await Blobs.Read(BlobName.Create("states", Name.Path), Cancellation))!.Bytes.Span));
        await storage.ClearStateAsync("counter", Grain, state);
        Assert.Equal(0, await Blobs.GetLength(BlobName.Create("states", Name.Path), Cancellation));
        Assert.IsType<BlobGrainStorage>(host.Services.GetRequiredService<IGrainStorage>());
    }

    protected override IGrainStorage Storage(bool deleteOnClear) => new BlobGrainStorage(
        Blobs, new() { DeleteStateOnClear = deleteOnClear }, _services.GetRequiredService<IActivatorProvider>());

    private sealed class PlainSerializer : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new("plain"u8.ToArray());

        public T Deserialize<T>(BinaryData input) => throw new NotSupportedException();
    }
}
