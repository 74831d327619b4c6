using System.Text;
using OrleansEdge.Azurite;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Tests.Storage;

/// <summary>Somebody who can write to the store puts something else in the place of what a site wrote: it is named, and nothing is made of it.</summary>
public abstract class PlantedBlobTests : EachStoreTests
{
    private const long Huge = 1L << 40;

    private static readonly BlobName Version = BlobName.Create("models", "digits/00000001.json");

    private IBlobStore _store = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _store = Store.Open();
    }

    [Fact]
    public async Task Huge_blob_is_refused_without_being_read()
    {
        (BlobName Name, Func<Task> Read)[] readers =
        [
            (Version, () => new VersionStore(_store).Read(new(ModelName.Parse("digits"), 1))),
            (BlobName.Create("jobs", "job/digits/00000001.json"), () => new JobRecords(_store, new(_store)).ReadRound(JobId.Parse("digits"), 1)),
            (BlobName.Create("jobs", "job/digits/job.yaml"), () => new JobRecords(_store, new(_store)).ReadDefinition(JobId.Parse("digits"))),
            (StoreOwner.Name, () => StoreOwner.Claim(_store, SiteName.Parse("harbour"), Cancellation)),
        ];
        foreach (var (name, read) in readers)
        {
            await Store.PlantZeros(name, Huge);

            // Refused for what it may have, and not only because no array is that long.
            Assert.StartsWith($"'{_store.Describe(name)}' has {Huge} bytes and can have ", await Refused(read), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"a text\"")]
    [InlineData("{\"$type\":\"System.Diagnostics.Process, System\"}")]
    [InlineData("{\"id\":\"../../etc@1\"}")]
    public async Task Record_of_another_kind_is_refused(string json)
    {
        await _store.Write(Version, Encoding.UTF8.GetBytes(json), cancellation: Cancellation);
        Assert.Contains(_store.Describe(Version), await Refused(() => new VersionStore(_store).Read(new(ModelName.Parse("digits"), 1))), StringComparison.Ordinal);
    }

    private static async Task<string> Refused(Func<Task> read) => (await Assert.ThrowsAsync<BlobStoreException>(read)).Message;
}

public sealed class FolderPlantedBlobTests : PlantedBlobTests
{
    private protected override Task<TestStore> Make() => Task.FromResult(TestStore.InFolder());
}

public sealed class AzurePlantedBlobTests(AzuriteFixture azurite) : PlantedBlobTests
{
    private protected override Task<TestStore> Make() => TestStore.In(azurite);
}
