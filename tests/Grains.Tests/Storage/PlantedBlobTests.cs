using System.Text;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Grains.Tests.Storage;

/// <summary>Somebody who can write to the store puts something else in the place of what a site wrote: it is named, and nothing is made of it.</summary>
public sealed class PlantedBlobTests : IDisposable
{
    private const long Huge = 1L << 40;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;

    public PlantedBlobTests() => _store = FolderBlobStore.Open(_folder["store"]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Huge_file_is_refused_without_being_read()
    {
        foreach (var name in new[] { "models/digits/00000001.json", "jobs/job/digits/00000001.json", "jobs/job/digits/job.yaml", "site/owner.json" })
        {
            Plant(name, stream => stream.SetLength(Huge));
        }

        var before = GC.GetTotalAllocatedBytes();
        await Refused(() => new VersionStore(_store).Read(new(ModelName.Parse("digits"), 1)));
        await Refused(() => new JobRecords(_store, new(_store)).ReadRound(JobId.Parse("digits"), 1));
        await Refused(() => new JobRecords(_store, new(_store)).ReadDefinition(JobId.Parse("digits")));
        await Refused(() => StoreOwner.Claim(_store, SiteName.Parse("harbour"), Cancellation));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64L << 20);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"a text\"")]
    [InlineData("{\"$type\":\"System.Diagnostics.Process, System\"}")]
    [InlineData("{\"id\":\"../../etc@1\"}")]
    public async Task Record_of_another_kind_is_refused(string json)
    {
        Plant("models/digits/00000001.json", stream => stream.Write(Encoding.UTF8.GetBytes(json)));
        Assert.Contains(_store.Describe(BlobName.Create("models", "digits/00000001.json")), await Refused(() => new VersionStore(_store).Read(new(ModelName.Parse("digits"), 1))), StringComparison.Ordinal);
    }

    private static async Task<string> Refused(Func<Task> read) => (await Assert.ThrowsAsync<BlobStoreException>(read)).Message;

    private void Plant(string name, Action<FileStream> write)
    {
        var separator = name.IndexOf('/', StringComparison.Ordinal);
        var path = _store.Describe(BlobName.Create(name[..separator], name[(separator + 1)..]));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var stream = File.Create(path);
        write(stream);
    }
}
