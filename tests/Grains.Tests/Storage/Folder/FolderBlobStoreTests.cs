using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Grains.Tests.Storage.Folder;

public sealed class FolderBlobStoreTests : BlobStoreConformanceTests, IDisposable
{
    private static readonly BlobName Name = BlobName.Create("grainstate", "job-job/digits.json");

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;

    public FolderBlobStoreTests() => _store = FolderBlobStore.Open(_folder.Path);

    protected override IBlobStore Store => _store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Blob_and_its_tag_are_there_after_a_restart()
    {
        var etag = await _store.Write(Name, "kept"u8.ToArray(), cancellation: Cancellation);
        _store.Dispose();
        using var again = FolderBlobStore.Open(_folder.Path);
        Assert.Equal(etag, (await again.Read(Name, Cancellation))!.ETag);
        await again.Write(Name, "changed"u8.ToArray(), BlobCondition.IfMatch(etag), Cancellation);
    }

    [Fact]
    public async Task Tags_differ_when_the_clock_stands_still_or_goes_back()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        using var folder = new TemporaryFolder();
        using var store = FolderBlobStore.Open(folder.Path, new() { Time = time });
        var tags = new HashSet<string>();
        for (var repetition = 0; repetition < 10; repetition++)
        {
            Assert.True(tags.Add(await store.Write(Name, "same"u8.ToArray(), cancellation: Cancellation)));
            Assert.True(tags.Add((await store.Touch(Name, cancellation: Cancellation))!));
            time.AdjustTime(time.GetUtcNow() - TimeSpan.FromMinutes(repetition % 2));
            Assert.True(repetition % 2 == 0 || await store.Delete(Name, cancellation: Cancellation));
        }
    }

    [Fact]
    public void Second_holder_is_told_who_has_the_folder()
    {
        var exception = Assert.Throws<BlobStoreException>(() => FolderBlobStore.Open(_folder.Path));
        Assert.Equal($"The folder '{_folder.Path}' is in use by process {Environment.ProcessId}: stop it or give another folder.", exception.Message);
        _store.Dispose();
        FolderBlobStore.Open(_folder.Path).Dispose();
    }

    [Fact]
    public void Temporary_files_of_a_dead_process_are_deleted_at_start()
    {
        _store.Dispose();
        var left = _folder[Path.Combine(".temporary", "17")];
        File.WriteAllText(left, "half");
        FolderBlobStore.Open(_folder.Path).Dispose();
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task Store_leaves_no_temporary_file_of_a_refused_write()
    {
        await _store.Write(Name, "1"u8.ToArray(), cancellation: Cancellation);
        await Assert.ThrowsAsync<BlobConflictException>(async () => await _store.Write(
            Name, (writer, cancellation) => writer.Append("2"u8.ToArray(), cancellation), BlobCondition.IfAbsent, Cancellation));
        Assert.Empty(Directory.EnumerateFiles(_folder[".temporary"]));
    }

    [Fact]
    public async Task Folder_that_cannot_be_made_is_named_in_one_sentence()
    {
        var file = _folder["file"];
        await File.WriteAllTextAsync(file, "", Cancellation);
        foreach (var impossible in new[] { file, Path.Combine(file, "store"), "/proc/store" })
        {
            var exception = Assert.Throws<BlobStoreException>(() => FolderBlobStore.Open(impossible));
            Assert.StartsWith($"The folder '{impossible}' is not writable", exception.Message);
        }
    }

    [Fact]
    public async Task Name_too_long_for_a_file_is_named_in_one_sentence()
    {
        var name = BlobName.Create("grainstate", new string('a', 300));
        var sentence = $"The folder '{_folder.Path}' cannot write '{name}', whose name is too long for a file: use shorter names, or another kind of store.";
        Assert.Equal(sentence, (await Assert.ThrowsAsync<BlobStoreException>(async () =>
            await _store.Write(name, new byte[1], BlobCondition.IfAbsent, Cancellation))).Message);
        await Assert.ThrowsAsync<BlobStoreException>(async () => await _store.Read(name, Cancellation));
        Assert.Empty(Directory.EnumerateFiles(_folder[".temporary"]));
    }

    [Fact]
    public async Task Use_after_disposal_is_refused()
    {
        _store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _store.Write(Name, new byte[1], cancellation: Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _store.Read(Name, Cancellation));
    }
}
