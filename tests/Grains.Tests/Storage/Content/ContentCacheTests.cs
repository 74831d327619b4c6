using System.Runtime.InteropServices;
using OrleansEdge.Azurite;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Grains.Tests.Storage.Content;

public abstract class ContentCacheTests : EachStoreTests
{
    private IBlobStore _blobs = null!;
    private ContentStore _store = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _blobs = Store.Open();
        _store = new(_blobs);
    }

    [Fact]
    public async Task Parts_of_cached_content_share_its_memory()
    {
        var cache = new ContentCache(_store);
        var hash = await _store.Put("0123456789"u8.ToArray(), Cancellation);
        var parts = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => cache.Read(hash, index, 4, Cancellation).AsTask()));
        Assert.Equal("789"u8.ToArray(), parts[7].ToArray());
        Assert.Single(parts.Select(part => MemoryMarshal.TryGetArray(part, out var segment) ? segment.Array : null).Distinct());
        Assert.True((await cache.Read(hash, 11, 4, Cancellation)).IsEmpty);
        Assert.Equal(10, cache.Used);
    }

    [Fact]
    public async Task Least_recently_used_content_goes_first_and_the_bound_holds()
    {
        var cache = new ContentCache(_store, new() { Capacity = 250 });
        var hashes = new[] { await Put(1), await Put(2), await Put(3) };
        await cache.Read(hashes[0], 0, 1, Cancellation);
        await cache.Read(hashes[1], 0, 1, Cancellation);
        await cache.Read(hashes[0], 0, 1, Cancellation);
        await cache.Read(hashes[2], 0, 1, Cancellation);
        Assert.Equal(200, cache.Used);
        await _blobs.Delete(ContentStore.NameOf(hashes[0]), cancellation: Cancellation);
        await _blobs.Delete(ContentStore.NameOf(hashes[1]), cancellation: Cancellation);
        Assert.Equal(1, (await cache.Read(hashes[0], 5, 1, Cancellation)).Span[0]);
        await Assert.ThrowsAsync<DamagedContentException>(async () => await cache.Read(hashes[1], 0, 1, Cancellation));
    }

    [Fact]
    public async Task Large_content_is_read_by_parts_and_not_cached()
    {
        var cache = new ContentCache(_store, new() { LargestEntry = 99 });
        var hash = await Put(4);
        Assert.Equal(20, (await cache.Read(hash, 80, 1000, Cancellation)).Length);
        Assert.Equal(0, cache.Used);
    }

    [Fact]
    public async Task Failed_load_is_not_remembered()
    {
        var cache = new ContentCache(_store);
        var hash = await Put(5);
        await _blobs.Write(ContentStore.NameOf(hash), new byte[100], cancellation: Cancellation);
        await Assert.ThrowsAsync<DamagedContentException>(async () => await cache.Read(hash, 0, 1, Cancellation));
        Assert.Equal(0, cache.Used);
        await _blobs.Delete(ContentStore.NameOf(hash), cancellation: Cancellation);
        await Put(5);
        Assert.Equal(5, (await cache.Read(hash, 0, 1, Cancellation)).Span[0]);
    }

    private ValueTask<Contracts.Identifiers.ContentHash> Put(byte value) =>
        _store.Put(Enumerable.Repeat(value, 100).ToArray(), Cancellation);
}

public sealed class FolderContentCacheTests : ContentCacheTests
{
    private protected override Task<TestStore> Make() => Task.FromResult(TestStore.InFolder());
}

public sealed class AzureContentCacheTests(AzuriteFixture azurite) : ContentCacheTests
{
    private protected override Task<TestStore> Make() => TestStore.In(azurite);
}
