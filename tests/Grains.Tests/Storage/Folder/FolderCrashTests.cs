using System.Text;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Grains.Tests.Storage.Folder;

public sealed class FolderCrashTests
{
    private static readonly BlobName Name = BlobName.Create("grainstate", "job-job/digits.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Points()
    {
        var data = new TheoryData<string, bool>();
        foreach (var point in BlobCrashPoints.All)
        {
            data.Add(point, true);
            data.Add(point, false);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Folder_as_it_is_at_any_moment_holds_the_old_or_the_new_content(string point, bool streamed)
    {
        using var folder = new TemporaryFolder();
        using var crashed = new TemporaryFolder();
        var armed = false;
        using var store = FolderBlobStore.Open(folder.Path, new()
        {
            CrashPoint = passed =>
            {
                if (armed && passed == point)
                {
                    TemporaryFolder.Copy(folder.Path, crashed.Path);
                }
            },
        });
        await store.Write(Name, "old"u8.ToArray(), cancellation: Cancellation);
        armed = true;
        await Write(store, "new", streamed);

        using var recovered = FolderBlobStore.Open(crashed.Path);
        var expected = point is BlobCrashPoints.Renamed or BlobCrashPoints.Durable ? "new" : "old";
        Assert.Equal(expected, await Text(recovered));
        Assert.Empty(Directory.EnumerateFiles(crashed[".temporary"]));
        await Write(recovered, "newer", streamed);
        Assert.Equal("newer", await Text(recovered));
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Write_that_fails_at_any_moment_leaves_the_store_working(string point, bool streamed)
    {
        using var folder = new TemporaryFolder();
        var armed = false;
        using var store = FolderBlobStore.Open(folder.Path, new()
        {
            CrashPoint = passed =>
            {
                if (armed && passed == point)
                {
                    throw new InvalidTimeZoneException();
                }
            },
        });
        await store.Write(Name, "old"u8.ToArray(), cancellation: Cancellation);
        armed = true;
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Write(store, "new", streamed));
        armed = false;
        Assert.Equal(point is BlobCrashPoints.Renamed or BlobCrashPoints.Durable ? "new" : "old", await Text(store));
        await Write(store, "newer", streamed);
        Assert.Equal("newer", await Text(store));
    }

    [Fact]
    public async Task Points_are_passed_once_each_in_their_order()
    {
        using var folder = new TemporaryFolder();
        var passed = new List<string>();
        using var store = FolderBlobStore.Open(folder.Path, new() { CrashPoint = passed.Add });
        await store.Write(Name, "new"u8.ToArray(), cancellation: Cancellation);
        Assert.Equal(BlobCrashPoints.All, passed);
    }

    private static async Task Write(FolderBlobStore store, string text, bool streamed)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (streamed)
        {
            await store.Write(Name, (writer, cancellation) => writer.Append(bytes, cancellation), cancellation: Cancellation);
        }
        else
        {
            await store.Write(Name, bytes, cancellation: Cancellation);
        }
    }

    private static async Task<string> Text(FolderBlobStore store) => Encoding.UTF8.GetString((await store.Read(Name, Cancellation))!.Bytes.Span);
}
