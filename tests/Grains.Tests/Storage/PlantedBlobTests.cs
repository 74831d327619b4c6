using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Azurite;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Tests.Audit;

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
            (Version, () => new VersionStore(_store).Look(new(ModelName.Parse("digits"), 1))),
            (BlobName.Create("jobs", "job/digits/00000001.json"), () => new JobRecords(_store, new(_store)).ReadRound(JobId.Parse("digits"), 1)),
            (BlobName.Create("jobs", "job/digits/job.yaml"), () => new JobRecords(_store, new(_store)).ReadDefinition(JobId.Parse("digits"))),
            (StoreOwner.Name, () => StoreOwner.Claim(_store, SiteName.Parse("harbour"), Cancellation)),
        ];
        await RequireRefused(readers);
    }

    [Fact]
    public async Task Huge_record_of_enrolment_is_refused_without_being_read_and_stays()
    {
        using var records = new EnrolmentRecords(_store);
        var (device, invitation) = (ParticipantId.Parse("dev7"), new string('a', 32));
        var revocations = BlobName.Create("enrolment", "revocations.json");
        (BlobName Name, Func<Task> Read)[] readers =
        [
            (BlobName.Create("enrolment", "devices/dev7.json"), () => records.FindDevice(device, Cancellation)),
            (BlobName.Create("enrolment", "devices/dev7.json"), async () => await records.ListDevices(Cancellation).ToListAsync(Cancellation)),
            (BlobName.Create("enrolment", "devices/dev7.json"), () => records.ChangeDevice(device, current => current!, Cancellation)),
            (BlobName.Create("enrolment", $"invitations/{invitation}.json"), () => records.FindInvitation(invitation, Cancellation)),
            (revocations, () => records.ReadRevocations(Cancellation)),
            (revocations, () => records.ChangeRevocations(_ => [], Cancellation)),
        ];
        await RequireRefused(readers);

        Assert.Equal(Huge, await _store.GetLength(revocations, Cancellation));
        Assert.Contains("everyone is let in again who was shut out", await Refused(() => records.ReadRevocations(Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Huge_block_of_the_audit_log_is_refused_without_being_read_and_found_by_an_examination()
    {
        var audit = new AuditStore(_store);
        await audit.Append([Entry("1")], Cancellation);
        await RequireRefused(
        [
            (AuditBlock.NameOf(2), () => audit.Append([Entry("2")], Cancellation)),
            (AuditBlock.NameOf(2), () => new AuditStore(_store).Append([Entry("2")], Cancellation)),
            (AuditBlock.NameOf(2), () => audit.ReadLast(10, Cancellation)),
        ]);

        Assert.Equal([$"block 2 is not one that a site wrote: it has {Huge} bytes."], (await audit.Examine([], Cancellation)).Faults);
        await _store.Delete(AuditBlock.NameOf(2), cancellation: Cancellation);
        await audit.Append([Entry("2")], Cancellation);
        Assert.Empty((await audit.Examine([], Cancellation)).Faults);
    }

    [Fact]
    public async Task Huge_content_in_the_place_of_a_manifest_or_a_task_is_refused_without_being_read()
    {
        var (content, hash) = (new ContentStore(_store), ContentHash.Of("something else"u8));
        await Store.PlantZeros(ContentStore.NameOf(hash), Huge);
        foreach (var read in new Func<Task>[] { async () => await new ManifestStore(content).Read(hash), () => new JobRecords(_store, content).ReadTask(hash) })
        {
            Assert.Contains($"(it has {Huge} bytes and can have ", (await Assert.ThrowsAsync<DamagedContentException>(read)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Huge_key_is_passed_over_and_those_of_the_silos_are_found()
    {
        using var own = new SiteKeys(_store, TimeProvider.System, NullLogger<SiteKeys>.Instance);
        using var other = new SiteKeys(_store, TimeProvider.System, NullLogger<SiteKeys>.Instance);
        var key = other.Own;
        await Store.PlantZeros(BlobName.Create("identity", "keys/0"), Huge);
        await _store.Write(BlobName.Create("identity", $"keys/{key.KeyId}"), SigningKey.Export(key), cancellation: Cancellation);

        Assert.NotNull(await own.Find(key.KeyId));
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

    private static AuditRecord Entry(string subject) => AuditStoreTests.Record("ada", subject);

    private async Task RequireRefused(IEnumerable<(BlobName Name, Func<Task> Read)> readers)
    {
        foreach (var (name, read) in readers)
        {
            await Store.PlantZeros(name, Huge);

            // Refused for what it may have, and not only because no array is that long.
            Assert.StartsWith($"'{_store.Describe(name)}' has {Huge} bytes and can have ", await Refused(read), StringComparison.Ordinal);
        }
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
