using System.Globalization;
using OrleansEdge.Azurite;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Azure;

namespace OrleansEdge.Grains.Tests.Storage.Azure;

/// <summary>The double itself: tests that kill it rely on what it has acknowledged.</summary>
public sealed class AzuriteServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_was_acknowledged_is_there_after_a_kill()
    {
        using var folder = new TemporaryFolder();
        await using var server = await Start(folder.Path);
        var store = AzureBlobStore.Connect(server.NewAccount());
        var tags = new Dictionary<BlobName, string>();
        for (var kill = 0; kill < 3; kill++)
        {
            foreach (var name in Enumerable.Range(0, 20).Select(index => BlobName.Create("conformance", index.ToString(CultureInfo.InvariantCulture))))
            {
                tags[name] = await store.Write(name, new[] { (byte)kill }, cancellation: Cancellation);
            }

            await server.Kill();
            await server.Start(Cancellation);
            foreach (var (name, etag) in tags)
            {
                var blob = await store.Read(name, Cancellation);
                Assert.Equal(etag, blob!.ETag);
                Assert.Equal((byte)kill, blob.Bytes.Span[0]);
            }
        }
    }

    [Fact]
    public async Task Kill_in_the_midst_of_writes_leaves_each_blob_old_or_new()
    {
        using var folder = new TemporaryFolder();
        await using var server = await Start(folder.Path);
        var store = AzureBlobStore.Connect(server.NewAccount(), new() { MaximumRetries = 0 });
        BlobName[] names = [.. Enumerable.Range(0, 8).Select(index => BlobName.Create("conformance", $"{index}"))];
        var acknowledged = new int[names.Length];
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writers = names.Select(async (name, index) =>
        {
            try
            {
                for (var version = 1; ; version++)
                {
                    await store.Write(name, BitConverter.GetBytes(version), cancellation: Cancellation);
                    acknowledged[index] = version;
                    if (version == 10)
                    {
                        begun.TrySetResult();
                    }
                }
            }
            catch (BlobStoreException)
            {
                // Killed.
            }
        }).ToArray();
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancellation);
        await server.Kill();
        await Task.WhenAll(writers);
        await server.Start(Cancellation);
        for (var index = 0; index < names.Length; index++)
        {
            var version = (await store.Read(names[index], Cancellation)) is { } blob ? BitConverter.ToInt32(blob.Bytes.Span) : 0;
            Assert.InRange(version, acknowledged[index], acknowledged[index] + 1);
        }
    }

    private static async Task<AzuriteServer> Start(string folder)
    {
        try
        {
            return await AzuriteServer.Start(folder, Cancellation);
        }
        catch (AzuriteException exception)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }
}
