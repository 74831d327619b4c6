using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Retention;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Limits;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Tests.Hosting.Security;

namespace OrleansEdge.Silo.Tests.Hosting;

public sealed class SettingsAuditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingAudit _audit = new();
    private readonly FolderBlobStore _store;

    public SettingsAuditTests() => _store = FolderBlobStore.Open(_folder.Path);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Who_gives_out_the_rights_of_operators_is_on_record_when_it_changes()
    {
        await Start();
        await Start("https://login.example.org/", "orleansedge");
        await Start("https://login.example.org/", "orleansedge");
        await Start("https://evil.example.org/", "orleansedge");

        Assert.Equal(
        [
            "the first start",
            "Identity:Audience (none) → orleansedge; Identity:Authority (none) → https://login.example.org/; " +
                "Identity:NameClaim (none) → sub; Identity:RoleClaim (none) → role",
            "Identity:Authority https://login.example.org/ → https://evil.example.org/",
        ], _audit.Entries.Select(entry => entry.Detail));
    }

    private Task Start(string? authority = null, string? audience = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Identity:Authority", authority), new("Identity:Audience", audience)]).Build();
        var site = TestOptions.Of("harbour", _folder.Path);
        return new SettingsAudit(
            _store, _audit, site, new GatewayLimitOptions(), Options.Create(new CoordinationOptions()),
            Options.Create(new RetentionOptions()), Options.Create(new EnrolmentOptions()), Options.Create(new IdentityOptions()), configuration)
            .StartAsync(TestContext.Current.CancellationToken);
    }
}
