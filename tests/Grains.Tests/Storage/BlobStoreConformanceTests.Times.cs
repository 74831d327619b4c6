using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Tests.Storage;

/// <content>Tags and times of modification, on which a collector of orphans relies.</content>
public abstract partial class BlobStoreConformanceTests
{
    /// <summary>How coarse the store's times are; a blob may look this much older than it is.</summary>
    protected virtual TimeSpan TimeStep => TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Touched_blob_has_a_new_tag_and_the_same_content()
    {
        var written = await Store.Write(Name, "kept"u8.ToArray(), cancellation: Cancellation);
        var touched = await Store.Touch(Name, cancellation: Cancellation);
        Assert.NotEqual(written, touched);
        Assert.Equal("kept", await Text(Name));
        Assert.Equal(touched, (await Store.Read(Name, Cancellation))!.ETag);
        Assert.Equal(touched, (await Entry()).ETag);
        await Assert.ThrowsAsync<BlobConflictException>(async () => await Store.Delete(Name, BlobCondition.IfMatch(written), Cancellation));
        Assert.True(await Store.Delete(Name, BlobCondition.IfMatch(touched!), Cancellation));
    }

    [Fact]
    public async Task Touch_keeps_to_its_condition()
    {
        Assert.Null(await Store.Touch(Name, cancellation: Cancellation));
        Assert.Null(await Store.Touch(Name, BlobCondition.IfMatch("none"), Cancellation));
        Assert.Null(await Store.Read(Name, Cancellation));

        var first = await Store.Write(Name, "1"u8.ToArray(), cancellation: Cancellation);
        var second = await Store.Touch(Name, BlobCondition.IfMatch(first), Cancellation);
        await Assert.ThrowsAsync<BlobConflictException>(async () => await Store.Touch(Name, BlobCondition.IfMatch(first), Cancellation));
        await Assert.ThrowsAsync<BlobConflictException>(async () => await Store.Touch(Name, BlobCondition.IfAbsent, Cancellation));
        Assert.Equal(second, (await Store.Read(Name, Cancellation))!.ETag);
    }

    [Fact]
    public async Task Every_way_to_write_moves_the_time_of_modification_on()
    {
        Func<Task>[] changes =
        [
            async () => await Store.Write(Name, "1"u8.ToArray(), cancellation: Cancellation),
            async () => await Store.Touch(Name, cancellation: Cancellation),
            async () => await Store.Write(Name, (writer, cancellation) => writer.Append("2"u8.ToArray(), cancellation), cancellation: Cancellation),
        ];
        foreach (var change in changes)
        {
            var before = await Store.Now(Cancellation);
            await change();
            var modified = (await Entry()).Modified;
            Assert.InRange(modified, before - TimeStep, await Store.Now(Cancellation) + TimeStep);
            Assert.Equal(TimeSpan.Zero, modified.Offset);
        }
    }

    [Fact]
    public async Task Listed_tag_is_the_tag_that_a_read_gives()
    {
        foreach (var path in new[] { "a", "a/b", "c.json" })
        {
            var etag = await Store.Write(BlobName.Create(Container, path), Bytes(path.Length, 100), cancellation: Cancellation);
            Assert.Equal(etag, (await Entry(path)).ETag);
        }
    }

    [Fact]
    public async Task Blob_that_was_deleted_and_written_again_has_another_tag()
    {
        var tags = new HashSet<string>();
        for (var repetition = 0; repetition < 20; repetition++)
        {
            Assert.True(tags.Add(await Store.Write(Name, "same"u8.ToArray(), BlobCondition.IfAbsent, Cancellation)));
            Assert.True(await Store.Delete(Name, cancellation: Cancellation));
        }
    }

    private async Task<BlobEntry> Entry(string? path = null)
    {
        await foreach (var entry in Store.List(Container, path ?? Name.Path, Cancellation))
        {
            return entry;
        }

        throw new InvalidOperationException("The blob is not listed.");
    }
}
