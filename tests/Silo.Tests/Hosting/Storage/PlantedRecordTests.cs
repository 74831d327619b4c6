using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Retention;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Limits;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Tests.Hosting.Security;

namespace OrleansEdge.Silo.Tests.Hosting.Storage;

/// <summary>Somebody who can write to the store puts a huge blob in the place of a silo's own small record: it is named, and not read.</summary>
public sealed class PlantedRecordTests : IDisposable
{
    private const long Huge = 1L << 40;

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;
    private readonly FakeTimeProvider _time = new();

    public PlantedRecordTests() => _store = FolderBlobStore.Open(_folder.Path);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static OperatorName Ada { get; } = OperatorName.Parse("ada");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Huge_record_of_an_operator_gives_no_rights_and_is_named_to_whoever_looks()
    {
        var operators = new OperatorStore(_store, _time);
        await RequireRefused(BlobName.Create("operators", "ada.json"), async () => await operators.Find(Ada, Stop));
        await RequireRefused(BlobName.Create("operators", "ada.json"), () => operators.List(Stop));
        await RequireRefused(BlobName.Create("operators", "ada.json"), () => operators.Remove(Ada, Stop));
    }

    [Fact]
    public async Task Huge_name_of_a_cluster_keeps_a_silo_from_taking_the_store()
    {
        var tenancy = new StoreTenancy(_store, SiteName.Parse("harbour"), new("first", "first's place"), _time);
        await RequireRefused(StoreTenancy.Name, () => tenancy.Take(_ => { }, Stop));
        await RequireRefused(StoreTenancy.Name, () => tenancy.Renew(Stop));
    }

    [Fact]
    public Task Huge_record_of_the_settings_keeps_a_silo_from_starting() => RequireRefused(BlobName.Create("settings", "last-start.json"), () => new SettingsAudit(
        _store, new RecordingAudit(), TestOptions.Of("harbour", _folder.Path), new GatewayLimitOptions(), Options.Create(new CoordinationOptions()),
        Options.Create(new RetentionOptions()), Options.Create(new EnrolmentOptions()), Options.Create(new IdentityOptions()), new ConfigurationBuilder().Build())
        .StartAsync(Stop));

    private async Task RequireRefused(BlobName name, Func<Task> read)
    {
        var path = Path.Combine(_folder.Path, name.Container, BlobFileNames.Encode(name.Path));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using (var file = File.Create(path))
        {
            file.SetLength(Huge);
        }

        var refused = await Assert.ThrowsAsync<BlobStoreException>(read);
        Assert.StartsWith($"'{_store.Describe(name)}' has {Huge} bytes and can have ", refused.Message, StringComparison.Ordinal);
    }
}
