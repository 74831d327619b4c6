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

    private static readonly BlobName Record = BlobName.Create("models", "digits/00000001.json");

    private IBlobStore _store = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _store = Store.Open();
    }

    [Fact]
    public async Task Huge_blob_is_refused_without_being_read()
    {
        foreach (var name in new[] { Record, BlobName.Create("jobs", "job/digits/00000001.json"), BlobName.Create("jobs", "job/digits/job.yaml"), StoreOwner.Name })
        {
            await Store.PlantZeros(name, Huge);
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
        await _store.Write(Record, Encoding.UTF8.GetBytes(json), cancellation: Cancellation);
        Assert.Contains(_store.Describe(Record), await Refused(() => new VersionStore(_store).Read(new(ModelName.Parse("digits"), 1))), StringComparison.Ordinal);
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
