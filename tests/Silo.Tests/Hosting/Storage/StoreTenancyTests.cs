using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Azurite;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Azure;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Silo.Hosting.Storage;

namespace OrleansEdge.Silo.Tests.Hosting.Storage;

/// <summary>What two clusters of a site that share a store find; for each kind of store.</summary>
public abstract class StoreTenancyTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _waits = [];
    private IBlobStore _store = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await Open();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>An empty store.</summary>
    private protected abstract Task<IBlobStore> Open();

    [Fact]
    public async Task Free_store_is_taken_at_once_and_by_the_same_cluster_again()
    {
        await Of("first").Take(_waits.Add, Cancellation);
        await Of("first").Take(_waits.Add, Cancellation);
        Assert.Null(await Of("first").Renew(Cancellation));
        Assert.Empty(_waits);
    }

    [Fact]
    public async Task Second_cluster_is_refused_while_the_first_one_lives()
    {
        var first = Of("first");
        await first.Take(_waits.Add, Cancellation);
        var second = Of("second").Take(_waits.Add, Cancellation);
        var refused = await Assert.ThrowsAsync<BlobStoreException>(() => Pass(second, first));
        Assert.Contains("Another cluster of the site 'harbour', at first's place, is working on this store", refused.Message);
        Assert.Contains("first's place", Assert.Single(_waits));
        Assert.Null(await first.Renew(Cancellation));
    }

    [Fact]
    public async Task Store_of_a_cluster_that_is_silent_is_taken_after_a_while_and_the_silent_one_is_told()
    {
        var first = Of("first");
        await first.Take(_waits.Add, Cancellation);
        var from = _time.GetTimestamp();
        await Pass(Of("second").Take(_waits.Add, Cancellation));
        Assert.InRange(_time.GetElapsedTime(from), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1));
        Assert.Equal("second's place", await first.Renew(Cancellation));
        Assert.Null(await Of("second").Renew(Cancellation));
    }

    [Fact]
    public async Task Store_that_was_given_back_is_taken_at_once()
    {
        await Of("first").Take(_waits.Add, Cancellation);
        await Of("second").Release(Cancellation);
        await Of("first").Release(Cancellation);
        await Of("second").Take(_waits.Add, Cancellation);
        Assert.Empty(_waits);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Unreadable_name_is_replaced_after_the_same_wait(string garbage)
    {
        await _store.Write(StoreTenancy.Name, Encoding.UTF8.GetBytes(garbage), cancellation: Cancellation);
        await Pass(Of("second").Take(_waits.Add, Cancellation));
        Assert.Contains("an unknown place", Assert.Single(_waits));
        Assert.Null(await Of("second").Renew(Cancellation));
    }

    private StoreTenancy Of(string cluster) => new(_store, SiteName.Parse("harbour"), new(cluster, $"{cluster}'s place"), _time);

    /// <summary>Lets time pass until a cluster has the store or is refused; another one may live meanwhile.</summary>
    private async Task Pass(Task taking, StoreTenancy? living = null)
    {
        while (!taking.IsCompleted)
        {
            await Task.WhenAny(taking, Task.Delay(TimeSpan.FromMilliseconds(5), Cancellation));
            if (living is not null)
            {
                await living.Renew(Cancellation);
            }

            _time.Advance(Step);
        }

        await taking;
    }
}

public sealed class FolderStoreTenancyTests : StoreTenancyTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-").FullName;
    private FolderBlobStore? _store;

    public override ValueTask DisposeAsync()
    {
        _store?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return base.DisposeAsync();
    }

    private protected override Task<IBlobStore> Open() => Task.FromResult<IBlobStore>(_store = FolderBlobStore.Open(_folder));
}

public sealed class AzureStoreTenancyTests(AzuriteFixture azurite) : StoreTenancyTests
{
    private protected override async Task<IBlobStore> Open()
    {
        try
        {
            return AzureBlobStore.Connect(await azurite.NewAccount(Cancellation));
        }
        catch (AzuriteException exception)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }
}
