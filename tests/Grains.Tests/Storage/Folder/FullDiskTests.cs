using System.Diagnostics;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Grains.Tests.Storage.Folder;

public sealed class FullDiskTests
{
    private static readonly BlobName Name = BlobName.Create("grainstate", "job-job/digits.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_disk_is_one_sentence_and_keeps_what_was_there()
    {
        using var folder = new TemporaryFolder();
        await using var mount = SmallFileSystem.Mount(folder.Path);
        using (var store = FolderBlobStore.Open(folder.Path))
        {
            await store.Write(Name, "kept"u8.ToArray(), cancellation: Cancellation);
            var whole = await Assert.ThrowsAsync<BlobStoreException>(async () =>
                await store.Write(Name, new byte[2 << 20], cancellation: Cancellation));
            Assert.Equal($"No space left in '{folder.Path}' to write '{Name}': free some space or give another folder.", whole.Message);

            var streamed = await Assert.ThrowsAsync<BlobStoreException>(async () => await new ContentStore(store).Put(async (writer, cancellation) =>
            {
                for (var block = 0; block < 32; block++)
                {
                    await writer.Append(new byte[64 << 10], cancellation);
                }
            }, Cancellation));
            Assert.StartsWith($"No space left in '{folder.Path}'", streamed.Message);

            Assert.Equal("kept"u8.ToArray(), (await store.Read(Name, Cancellation))!.Bytes.ToArray());
            Assert.Empty(Directory.EnumerateFiles(folder[".temporary"]));
            await store.Write(Name, "goes on"u8.ToArray(), cancellation: Cancellation);
        }
    }

    /// <summary>A file system of 1 MiB in memory.</summary>
    private sealed class SmallFileSystem(string path) : IAsyncDisposable
    {
        public static SmallFileSystem Mount(string path)
        {
            if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path))
            {
                Assert.Skip("A full disk is tried on a small tmpfs, which only root may mount.");
            }

            return new(path);
        }

        public ValueTask DisposeAsync()
        {
            Run("umount", path);
            return ValueTask.CompletedTask;
        }

        private static bool Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
