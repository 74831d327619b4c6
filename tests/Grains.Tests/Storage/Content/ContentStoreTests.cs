using System.Text;
using OrleansEdge.Azurite;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Grains.Tests.Storage.Content;

public abstract class ContentStoreTests : EachStoreTests
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
    public async Task Content_is_found_under_its_hash_however_it_was_put()
    {
        var content = Bytes(3_000_000);
        var hash = await _store.Put(async (writer, cancellation) =>
        {
            for (var offset = 0; offset < content.Length; offset += 1_000_000)
            {
                await writer.Append(content.AsMemory(offset, 1_000_000), cancellation);
            }
        }, Cancellation);
        Assert.Equal(ContentHash.Of(content), hash);
        Assert.Equal(hash, await _store.Put(content, Cancellation));
        Assert.True((await _store.Read(hash, Cancellation)).Span.SequenceEqual(content));
        Assert.Equal(content.Length, await _store.GetLength(hash, Cancellation));
        var part = new byte[10];
        Assert.Equal(10, await _store.ReadRange(hash, 999_995, part, Cancellation));
        Assert.Equal(content[999_995..1_000_005], part);
        await _store.Verify(hash, Cancellation);
    }

    [Fact]
    public async Task Content_that_is_there_is_not_written_again()
    {
        var name = ContentStore.NameOf(await _store.Put("same"u8.ToArray(), Cancellation));

        // Whatever is written from here on would put an end to this.
        await _blobs.Write(name, "SAME"u8.ToArray(), cancellation: Cancellation);
        await _store.Put("same"u8.ToArray(), Cancellation);
        await _store.Put((writer, cancellation) => writer.Append("same"u8.ToArray(), cancellation), Cancellation);
        Assert.Equal("SAME", Encoding.UTF8.GetString((await _blobs.Read(name, Cancellation))!.Bytes.Span));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Content_that_was_marked_for_deletion_and_put_again_cannot_be_deleted_any_more(bool streamed)
    {
        var name = ContentStore.NameOf(await _store.Put("same"u8.ToArray(), Cancellation));
        var marked = (await _blobs.Read(name, Cancellation))!.ETag;
        _ = streamed
            ? await _store.Put((writer, cancellation) => writer.Append("same"u8.ToArray(), cancellation), Cancellation)
            : await _store.Put("same"u8.ToArray(), Cancellation);
        await Assert.ThrowsAsync<BlobConflictException>(async () => await _blobs.Delete(name, BlobCondition.IfMatch(marked), Cancellation));
        Assert.True(await _blobs.Exists(name, Cancellation));
    }

    [Fact]
    public async Task Content_of_a_wrong_length_is_written_again()
    {
        var hash = await _store.Put("whole"u8.ToArray(), Cancellation);
        await _blobs.Write(ContentStore.NameOf(hash), "who"u8.ToArray(), cancellation: Cancellation);
        await _store.Put("whole"u8.ToArray(), Cancellation);
        await _store.Verify(hash, Cancellation);
    }

    [Fact]
    public async Task Damaged_content_is_noticed_and_named()
    {
        var content = Bytes(100_000);
        var hash = await _store.Put(content, Cancellation);
        content[77_777] ^= 0xFF;
        await _blobs.Write(ContentStore.NameOf(hash), content, cancellation: Cancellation);

        await RequireDamaged(hash, async () => await _store.Read(hash, Cancellation));
        await RequireDamaged(hash, async () => await _store.Verify(hash, Cancellation));
        await RequireDamaged(hash, async () => await new ContentCache(_store).Read(hash, 0, 1, Cancellation));
        await RequireDamaged(hash, async () =>
        {
            await using var stream = await _store.OpenRead(hash, Cancellation);
            await stream.CopyToAsync(Stream.Null, Cancellation);
        });
    }

    [Fact]
    public async Task Missing_content_is_noticed_and_named()
    {
        var hash = ContentHash.Of("never stored"u8);
        Assert.Null(await _store.GetLength(hash, Cancellation));
        await RequireDamaged(hash, async () => await _store.Read(hash, Cancellation));
        await RequireDamaged(hash, async () => await _store.ReadRange(hash, 0, new byte[1], Cancellation));
        await RequireDamaged(hash, async () => await _store.Verify(hash, Cancellation));
        await RequireDamaged(hash, async () => await new ContentCache(_store).Read(hash, 0, 1, Cancellation));
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        return bytes;
    }

    private async Task RequireDamaged(ContentHash hash, Func<Task> read)
    {
        var exception = await Assert.ThrowsAsync<DamagedContentException>(read);
        Assert.Equal(hash, exception.Hash);
        Assert.Contains(hash.Hex, exception.Message);
        Assert.Contains(_blobs.Describe(ContentStore.NameOf(hash)), exception.Message);
    }
}

public sealed class FolderContentStoreTests : ContentStoreTests
{
    private protected override Task<TestStore> Make() => Task.FromResult(TestStore.InFolder());
}

public sealed class AzureContentStoreTests(AzuriteFixture azurite) : ContentStoreTests
{
    private protected override Task<TestStore> Make() => TestStore.In(azurite);
}
