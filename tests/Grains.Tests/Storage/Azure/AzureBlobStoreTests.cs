using OrleansEdge.Azurite;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Azure;

namespace OrleansEdge.Grains.Tests.Storage.Azure;

public sealed class AzureBlobStoreTests(AzuriteFixture azurite) : BlobStoreConformanceTests, IAsyncLifetime
{
    private static readonly BlobName Name = BlobName.Create("conformance", "job-job/digits.json");

    private AzureBlobStore _store = null!;

    protected override IBlobStore Store => _store;

    protected override TimeSpan TimeStep => TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await azurite.Open(new() { SinglePutLength = 1 << 20, BlockLength = 1 << 20 });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("Ключ с пробелом")]
    [InlineData("a+b?c#d%41/%2F")]
    [InlineData("ends.with.dot.")]
    public async Task Path_with_any_characters_is_kept_as_it_is(string path)
    {
        var name = BlobName.Create("conformance", path);
        await _store.Write(name, "1"u8.ToArray(), cancellation: Cancellation);
        Assert.Equal("1"u8.ToArray(), (await _store.Read(name, Cancellation))!.Bytes.ToArray());
        Assert.Equal([path], await Listed());
    }

    [Fact]
    public async Task Path_that_would_become_another_is_refused()
    {
        var exception = await Assert.ThrowsAsync<BlobStoreException>(async () =>
            await _store.Write(BlobName.Create("conformance", "a\\b"), "1"u8.ToArray(), cancellation: Cancellation));
        Assert.Contains("backslash", exception.Message);
    }

    [Fact]
    public async Task Longest_path_that_Azure_takes_is_taken()
    {
        var name = BlobName.Create("conformance", new string('a', 1024));
        await _store.Write(name, "1"u8.ToArray(), cancellation: Cancellation);
        Assert.Equal([name.Path], await Listed());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(5_000_000)]
    public async Task Streamed_blob_of_any_length_is_whole(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var etag = await _store.Write(Name, async (writer, cancellation) =>
        {
            for (var offset = 0; offset < length; offset += 300_000)
            {
                await writer.Append(content.AsMemory(offset, Math.Min(300_000, length - offset)), cancellation);
            }
        }, cancellation: Cancellation);
        var read = await _store.Read(Name, Cancellation);
        Assert.True(read!.Bytes.Span.SequenceEqual(content));
        Assert.Equal(etag, read.ETag);
    }

    [Fact]
    public async Task Concurrent_writers_of_the_same_long_content_all_succeed()
    {
        var content = new byte[4_000_000];
        new Random(4).NextBytes(content);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => await _store.Write(Name, content, cancellation: Cancellation)));
        Assert.True((await _store.Read(Name, Cancellation))!.Bytes.Span.SequenceEqual(content));
    }

    [Fact]
    public async Task Waiting_content_leaves_no_file_behind()
    {
        using var folder = new TemporaryFolder();
        var store = await azurite.Open(new() { SinglePutLength = 1000, BlockLength = 1 << 20, TemporaryFolder = folder.Path });
        await using (var writer = await store.OpenWrite("conformance", Cancellation))
        {
            await writer.Append(new byte[2000], Cancellation);
            Assert.Single(Directory.EnumerateFiles(folder.Path));
            await writer.Commit(Name, cancellation: Cancellation);
        }

        Assert.Empty(Directory.EnumerateFiles(folder.Path));
        Assert.Equal(2000, await store.GetLength(Name, Cancellation));
    }

    private async Task<List<string>> Listed()
    {
        var paths = new List<string>();
        await foreach (var entry in _store.List("conformance", "", Cancellation))
        {
            paths.Add(entry.Name.Path);
        }

        return paths;
    }
}
