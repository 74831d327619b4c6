using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Tests.Hosting;

namespace OrleansEdge.Silo.Tests.Identity;

/// <summary>What an operator's certificate is worth after its operator was revoked, removed and added again.</summary>
public sealed class OperatorCertificateTests : IDisposable
{
    private static readonly BlobName AdminBlob = BlobName.Create("operators", "admin.json");
    private static readonly BlobName AdaBlob = BlobName.Create("operators", "ada.json");

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _blobs;
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<TestAuthority> _authorities = [];
    private readonly OperatorStore _operators;

    public OperatorCertificateTests()
    {
        _blobs = FolderBlobStore.Open(_folder.Path);
        _operators = new(_blobs, _time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authorities.ForEach(authority => authority.Dispose());
        _blobs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Admin_that_came_with_the_site_has_its_rights_until_it_is_revoked()
    {
        var certificate = Certificate("admin");
        Assert.Equal("admin", await RoleOf("admin", certificate));

        await _operators.Revoke(OperatorName.Parse("admin"), isFirstAdmin: true, Stop);

        Assert.Null(await RoleOf("admin", certificate));
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("ada")]
    public async Task Certificate_that_was_revoked_is_refused_for_ever(string name)
    {
        await Add(name);
        var stolen = Certificate(name);
        Assert.Equal("admin", await RoleOf(name, stolen));

        await _operators.Revoke(OperatorName.Parse(name), isFirstAdmin: name == "admin", Stop);
        Assert.Null(await RoleOf(name, stolen));
        Assert.True(await _operators.Remove(OperatorName.Parse(name), Stop));
        Assert.Null(await RoleOf(name, stolen));
        Assert.True(await Add(name));
        Assert.Null(await RoleOf(name, stolen));
        _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal("admin", await RoleOf(name, Certificate(name)));
        Assert.Null(await RoleOf(name, stolen));
    }

    [Fact]
    public async Task Certificate_of_one_who_was_removed_is_none_of_the_next_one_of_that_name()
    {
        await Add("ada");
        var old = Certificate("ada");
        await _operators.Remove(OperatorName.Parse("ada"), Stop);
        await Add("ada");

        Assert.Null(await RoleOf("ada", old));
    }

    [Fact]
    public async Task One_who_was_removed_is_not_shown_and_cannot_be_removed_or_revoked_again()
    {
        var (ada, admin) = (OperatorName.Parse("ada"), OperatorName.Parse("admin"));
        await Add("ada");
        await Add("admin");
        Assert.False(await Add("ada"));
        Assert.True(await _operators.Remove(ada, Stop));
        Assert.True(await _operators.Remove(admin, Stop));

        Assert.Empty(await _operators.List(Stop));
        Assert.False(await _operators.Remove(ada, Stop));
        Assert.False(await _operators.Revoke(ada, isFirstAdmin: false, Stop));
        Assert.False(await _operators.Revoke(admin, isFirstAdmin: true, Stop));
    }

    [Fact]
    public async Task Record_of_an_earlier_release_is_read()
    {
        await Write(AdaBlob, """{"name":"ada","role":"Operator","tokenHash":"ab","addedAt":"2026-01-02T03:04:05+00:00","revokedAt":null}""");

        Assert.Equal(new OperatorRecord("ada", OperatorRole.Operator, "ab", new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), Assert.Single(await _operators.List(Stop)));
        Assert.Equal("operator", await RoleOf("ada", Certificate("ada")));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"name":"ada","role":"Admin","addedAt":"2026-01-02T03:04:05+00:00"}""")]
    public async Task Record_that_cannot_be_read_makes_nobody_admin(string text)
    {
        await Write(AdminBlob, text);

        Assert.Null(await RoleOf("admin", Certificate("admin")));
        Assert.Empty(await _operators.List(Stop));
        Assert.False(await Add("admin"));
        Assert.True(await _operators.Remove(OperatorName.Parse("admin"), Stop));
        Assert.True(await Add("admin"));
    }

    private Task<bool> Add(string name) => _operators.Add(new(name, OperatorRole.Admin, null, _time.GetUtcNow()), Stop);

    private async Task Write(BlobName name, string text) => await _blobs.Write(name, Encoding.UTF8.GetBytes(text), cancellation: Stop);

    private X509Certificate2 Certificate(string name)
    {
        var authority = new TestAuthority(now: _time.GetUtcNow());
        _authorities.Add(authority);
        return authority.Operator(name);
    }

    /// <summary>What a request on a connection with a certificate may do; null for nothing.</summary>
    private async Task<string?> RoleOf(string name, X509Certificate2 certificate)
    {
        var site = TestOptions.Of("harbour", _folder.Path);
        var handler = new OperatorAuthentication(
            new Schemes(), NullLoggerFactory.Instance, UrlEncoder.Default, _operators, new(site, NullLogger<LocalOperator>.Instance), new Certificates(name));
        var context = new DefaultHttpContext();
        context.Connection.ClientCertificate = certificate;
        await handler.InitializeAsync(new(OperatorAuthentication.SchemeName, null, typeof(OperatorAuthentication)), context);
        var result = await handler.AuthenticateAsync();
        return OperatorRoles.Names.SingleOrDefault(role => result.Principal?.IsInRole(role) == true);
    }

    private sealed class Certificates(string name) : IEnrolledCertificates
    {
        public bool AreRequired => true;

        public ValueTask<ParticipantId?> FindParticipant(Thumbprint certificate, CancellationToken cancellation) => default;

        public ValueTask<string?> FindOperator(Thumbprint certificate, CancellationToken cancellation) => new(name);

        public bool IsRevoked(Thumbprint certificate) => false;
    }

    private sealed class Schemes : IOptionsMonitor<AuthenticationSchemeOptions>
    {
        public AuthenticationSchemeOptions CurrentValue { get; } = new();

        public AuthenticationSchemeOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<AuthenticationSchemeOptions, string?> listener) => null;
    }
}
