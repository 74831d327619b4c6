using System.Globalization;
using System.Text;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Tests.Storage;

/// <summary>What every <see cref="IBlobStore"/> does. A store's tests derive from this.</summary>
public abstract partial class BlobStoreConformanceTests
{
    private const string Container = "conformance";

    private static readonly BlobName Name = BlobName.Create(Container, "job-job/digits.json");

    /// <summary>An empty store.</summary>
    protected abstract IBlobStore Store { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Absent_blob_reads_as_nothing()
    {
        Assert.Null(await Store.Read(Name, Cancellation));
        Assert.Equal(-1, await Store.ReadRange(Name, 0, new byte[1], Cancellation));
        Assert.Null(await Store.OpenRead(Name, Cancellation));
        Assert.Null(await Store.GetLength(Name, Cancellation));
        Assert.False(await Store.Exists(Name, Cancellation));
        Assert.False(await Store.Delete(Name, cancellation: Cancellation));
        Assert.False(await Store.Delete(Name, BlobCondition.IfMatch("x"), Cancellation));
        Assert.Empty(await Paths(""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task Written_blob_reads_the_same_by_every_way(int length)
    {
        var content = Bytes(1, length);
        var etag = await Store.Write(Name, content, cancellation: Cancellation);
        var read = await Store.Read(Name, Cancellation);
        Assert.True(read!.Bytes.Span.SequenceEqual(content));
        Assert.Equal(etag, read.ETag);
        Assert.Equal(length, await Store.GetLength(Name, Cancellation));
        await using var stream = await Store.OpenRead(Name, Cancellation);
        var copy = new MemoryStream();
        await stream!.CopyToAsync(copy, Cancellation);
        Assert.True(copy.ToArray().AsSpan().SequenceEqual(content));
    }

    [Theory]
    [InlineData(0, 4, "0123")]
    [InlineData(7, 4, "789")]
    [InlineData(10, 4, "")]
    [InlineData(1000, 4, "")]
    [InlineData(3, 0, "")]
    public async Task Range_ends_where_the_blob_ends(long offset, int length, string expected)
    {
        await Store.Write(Name, "0123456789"u8.ToArray(), cancellation: Cancellation);
        var destination = new byte[length];
        var read = await Store.ReadRange(Name, offset, destination, Cancellation);
        Assert.Equal(expected, Encoding.ASCII.GetString(destination, 0, read));
    }

    [Fact]
    public async Task Write_if_absent_is_refused_where_there_is_a_blob()
    {
        await Store.Write(Name, "old"u8.ToArray(), BlobCondition.IfAbsent, Cancellation);
        await Assert.ThrowsAsync<BlobConflictException>(async () =>
            await Store.Write(Name, "new"u8.ToArray(), BlobCondition.IfAbsent, Cancellation));
        Assert.Equal("old", await Text(Name));
        await Store.Delete(Name, cancellation: Cancellation);
        await Store.Write(Name, "newer"u8.ToArray(), BlobCondition.IfAbsent, Cancellation);
        Assert.Equal("newer", await Text(Name));
    }

    [Fact]
    public async Task Write_if_match_is_refused_for_a_stale_tag_and_for_no_blob()
    {
        await Assert.ThrowsAsync<BlobConflictException>(async () =>
            await Store.Write(Name, "new"u8.ToArray(), BlobCondition.IfMatch("none"), Cancellation));
        Assert.Null(await Store.GetLength(Name, Cancellation));
        var first = await Store.Write(Name, "1"u8.ToArray(), cancellation: Cancellation);
        var second = await Store.Write(Name, "2"u8.ToArray(), BlobCondition.IfMatch(first), Cancellation);
        await Assert.ThrowsAsync<BlobConflictException>(async () =>
            await Store.Write(Name, "3"u8.ToArray(), BlobCondition.IfMatch(first), Cancellation));
        Assert.Equal("2", await Text(Name));
        Assert.Equal(second, (await Store.Read(Name, Cancellation))!.ETag);
    }

    [Fact]
    public async Task Tag_of_an_earlier_write_of_the_same_content_is_stale()
    {
        var first = await Store.Write(Name, "same"u8.ToArray(), cancellation: Cancellation);
        var second = await Store.Write(Name, "same"u8.ToArray(), cancellation: Cancellation);
        Assert.NotEqual(first, second);
        await Assert.ThrowsAsync<BlobConflictException>(async () =>
            await Store.Write(Name, "other"u8.ToArray(), BlobCondition.IfMatch(first), Cancellation));
    }

    [Fact]
    public async Task Deletion_if_match_is_refused_for_a_stale_tag()
    {
        var first = await Store.Write(Name, "1"u8.ToArray(), cancellation: Cancellation);
        var second = await Store.Write(Name, "2"u8.ToArray(), cancellation: Cancellation);
        await Assert.ThrowsAsync<BlobConflictException>(async () => await Store.Delete(Name, BlobCondition.IfMatch(first), Cancellation));
        await Assert.ThrowsAsync<BlobConflictException>(async () => await Store.Delete(Name, BlobCondition.IfAbsent, Cancellation));
        Assert.Equal("2", await Text(Name));
        Assert.True(await Store.Delete(Name, BlobCondition.IfMatch(second), Cancellation));
        Assert.Null(await Store.Read(Name, Cancellation));
    }

    [Fact]
    public async Task Streamed_blob_is_visible_only_when_committed()
    {
        await using var writer = await Store.OpenWrite(Container, Cancellation);
        await writer.Append("stream"u8.ToArray(), Cancellation);
        await writer.Append("ed"u8.ToArray(), Cancellation);
        Assert.Equal(8, writer.Length);
        Assert.Empty(await Paths(""));
        var etag = await writer.Commit(Name, BlobCondition.IfAbsent, Cancellation);
        Assert.Equal("streamed", await Text(Name));
        Assert.Equal(etag, (await Store.Read(Name, Cancellation))!.ETag);
    }

    [Fact]
    public async Task Streamed_blob_that_is_given_up_leaves_nothing()
    {
        await using (var writer = await Store.OpenWrite(Container, Cancellation))
        {
            await writer.Append("lost"u8.ToArray(), Cancellation);
        }

        await Assert.ThrowsAsync<InvalidDataException>(async () => await Store.Write(Name, async (writer, cancellation) =>
        {
            await writer.Append("lost"u8.ToArray(), cancellation);
            throw new InvalidDataException();
        }, cancellation: Cancellation));
        Assert.Empty(await Paths(""));
    }

    [Fact]
    public async Task Streamed_blob_keeps_to_its_condition()
    {
        var old = await Store.Write(Name, "old"u8.ToArray(), cancellation: Cancellation);
        foreach (var condition in new[] { BlobCondition.IfAbsent, BlobCondition.IfMatch("stale") })
        {
            await Assert.ThrowsAsync<BlobConflictException>(async () =>
                await Store.Write(Name, (writer, cancellation) => writer.Append("new"u8.ToArray(), cancellation), condition, Cancellation));
        }

        Assert.Equal("old", await Text(Name));
        await Store.Write(Name, (writer, cancellation) => writer.Append("new"u8.ToArray(), cancellation), BlobCondition.IfMatch(old), Cancellation);
        Assert.Equal("new", await Text(Name));
    }

    [Fact]
    public async Task Open_stream_is_not_disturbed_by_a_later_write()
    {
        await Store.Write(Name, "before"u8.ToArray(), cancellation: Cancellation);
        await using var stream = await Store.OpenRead(Name, Cancellation);
        await Store.Write(Name, "after!"u8.ToArray(), cancellation: Cancellation);
        using var reader = new StreamReader(stream!);
        Assert.Equal("before", await reader.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task Listing_is_ordinal_and_follows_the_prefix()
    {
        string[] paths = ["a", "a/b", "a/b.json", "a-b", "b/c/d", "b/cd", "ж/x y", "B", "100%"];
        foreach (var path in paths)
        {
            await Store.Write(BlobName.Create(Container, path), Encoding.UTF8.GetBytes(path), cancellation: Cancellation);
        }

        await Store.Write(BlobName.Create("another", "a"), new byte[1], cancellation: Cancellation);
        Assert.Equal(paths.Order(StringComparer.Ordinal), await Paths(""));
        Assert.Equal(["a", "a-b", "a/b", "a/b.json"], await Paths("a"));
        Assert.Equal(["a/b", "a/b.json"], await Paths("a/"));
        Assert.Equal(["b/c/d", "b/cd"], await Paths("b/c"));
        Assert.Empty(await Paths("zz/"));
        foreach (var path in paths)
        {
            Assert.Equal(path, await Text(BlobName.Create(Container, path)));
        }
    }

    [Fact]
    public async Task Of_many_writers_if_absent_one_wins()
    {
        var wins = await Task.WhenAll(Enumerable.Range(0, 32).Select(async index =>
        {
            try
            {
                await Store.Write(Name, new[] { (byte)index }, BlobCondition.IfAbsent, Cancellation);
                return index;
            }
            catch (BlobConflictException)
            {
                return -1;
            }
        }));
        var winner = Assert.Single(wins, index => index >= 0);
        Assert.Equal((byte)winner, (await Store.Read(Name, Cancellation))!.Bytes.Span[0]);
    }

    [Fact]
    public async Task No_increment_is_lost_between_concurrent_writers()
    {
        await Store.Write(Name, "0"u8.ToArray(), cancellation: Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var done = 0; done < 10;)
            {
                var current = (await Store.Read(Name, Cancellation))!;
                var next = int.Parse(current.Bytes.Span, NumberStyles.None, CultureInfo.InvariantCulture) + 1;
                try
                {
                    await Store.Write(Name, Encoding.ASCII.GetBytes($"{next}"), BlobCondition.IfMatch(current.ETag), Cancellation);
                    done++;
                }
                catch (BlobConflictException)
                {
                }
            }
        }));
        Assert.Equal("40", await Text(Name));
    }

    private static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private async Task<string> Text(BlobName name) => Encoding.UTF8.GetString((await Store.Read(name, Cancellation))!.Bytes.Span);

    private async Task<List<string>> Paths(string prefix)
    {
        var paths = new List<string>();
        await foreach (var entry in Store.List(Container, prefix, Cancellation))
        {
            Assert.Equal(await Store.GetLength(entry.Name, Cancellation), entry.Length);
            paths.Add(entry.Name.Path);
        }

        return paths;
    }
}
