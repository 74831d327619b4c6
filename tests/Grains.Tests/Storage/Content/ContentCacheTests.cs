using System.Runtime.InteropServices;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Grains.Tests.Storage.Content;

public sealed class ContentCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;
    private readonly ContentStore _store;

    public ContentCacheTests()
    {
        _blobs = FolderBlobStore.Open(_folder.Path);
        _store = new(_blobs);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _blobs.Dispose();
        _folder.Dispose();
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
        File.Delete(_blobs.Describe(ContentStore.NameOf(hashes[0])));
        File.Delete(_blobs.Describe(ContentStore.NameOf(hashes[1])));
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
        var file = _blobs.Describe(ContentStore.NameOf(hash));
        await File.WriteAllBytesAsync(file, new byte[100], Cancellation);
        await Assert.ThrowsAsync<DamagedContentException>(async () => await cache.Read(hash, 0, 1, Cancellation));
        Assert.Equal(0, cache.Used);
        File.Delete(file);
        await Put(5);
        Assert.Equal(5, (await cache.Read(hash, 0, 1, Cancellation)).Span[0]);
    }

    private ValueTask<Contracts.Identifiers.ContentHash> Put(byte value) =>
        _store.Put(Enumerable.Repeat(value, 100).ToArray(), Cancellation);
}
