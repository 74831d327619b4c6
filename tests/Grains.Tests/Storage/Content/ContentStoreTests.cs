using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Grains.Tests.Storage.Content;

public sealed class ContentStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;
    private readonly ContentStore _store;
    private readonly List<string> _points = [];

    public ContentStoreTests()
    {
        _blobs = FolderBlobStore.Open(_folder.Path, new() { CrashPoint = _points.Add });
        _store = new(_blobs);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _blobs.Dispose();
        _folder.Dispose();
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
        await _store.Put("same"u8.ToArray(), Cancellation);
        _points.Clear();
        await _store.Put("same"u8.ToArray(), Cancellation);
        await _store.Put((writer, cancellation) => writer.Append("same"u8.ToArray(), cancellation), Cancellation);
        Assert.DoesNotContain(BlobCrashPoints.Renamed, _points);
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
        await File.WriteAllTextAsync(FileOf(hash), "who", Cancellation);
        await _store.Put("whole"u8.ToArray(), Cancellation);
        await _store.Verify(hash, Cancellation);
    }

    [Fact]
    public async Task Damaged_content_is_noticed_and_named()
    {
        var hash = await _store.Put(Bytes(100_000), Cancellation);
        await using (var file = File.OpenWrite(FileOf(hash)))
        {
            file.Position = 77_777;
            file.WriteByte(0xFF);
            file.WriteByte(0xFF);
        }

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

    private string FileOf(ContentHash hash) => _blobs.Describe(ContentStore.NameOf(hash));

    private async Task RequireDamaged(ContentHash hash, Func<Task> read)
    {
        var exception = await Assert.ThrowsAsync<DamagedContentException>(read);
        Assert.Equal(hash, exception.Hash);
        Assert.Contains(hash.Hex, exception.Message);
        Assert.Contains(FileOf(hash), exception.Message);
    }
}
