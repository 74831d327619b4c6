using System.Net;
using System.Net.Sockets;
using System.Text;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Azurite;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Silo.Hosting.Storage;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace OrleansEdge.Silo.Tests.Hosting.Storage;

public sealed class SiteStoreTests(AzuriteFixture azurite) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-").FullName;
    private readonly List<string> _waits = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Store_of_another_site_is_refused_and_the_same_site_comes_back(bool azure)
    {
        var (location, connection) = await Empty(azure);
        Guid id;
        using (var first = await Open(location, "harbour", connection))
        {
            id = first.Id;
        }

        var refused = await Assert.ThrowsAsync<BlobStoreException>(() => Open(location, "ward", connection));
        Assert.Contains("belongs to the site 'harbour'", refused.Message);
        Assert.Contains("this one is 'ward'", refused.Message);
        using var again = await Open(location, "harbour", connection);
        Assert.Equal(id, again.Id);
        Assert.NotEqual(Guid.Empty, id);
        Assert.Equal($$"""{"site":"harbour","store":"{{id}}"}""", Encoding.UTF8.GetString((await again.Blobs.Read(StoreOwner.Name, Cancellation))!.Bytes.Span));
    }

    [Fact]
    public async Task Of_two_sites_that_take_a_store_at_once_one_is_refused()
    {
        var (location, connection) = await Empty(azure: true);
        var outcomes = await Task.WhenAll(new[] { "harbour", "ward" }.Select(async site =>
        {
            try
            {
                using var store = await Open(location, site, connection);
                return site;
            }
            catch (BlobStoreException exception)
            {
                Assert.Contains("belongs to the site", exception.Message);
                return null;
            }
        }));
        Assert.Single(outcomes, site => site is not null);
    }

    [Theory]
    [InlineData(false, "garbage")]
    [InlineData(true, "garbage")]
    [InlineData(false, "{}")]
    [InlineData(false, """{"site":"Not A Name"}""")]
    public async Task Unreadable_owner_is_named_and_left_as_it_is(bool azure, string garbage)
    {
        var (location, connection) = await Empty(azure);
        string place;
        using (var store = await Open(location, "harbour", connection))
        {
            await store.Blobs.Write(StoreOwner.Name, Encoding.UTF8.GetBytes(garbage), cancellation: Cancellation);
            place = store.Blobs.Describe(StoreOwner.Name);
        }

        var refused = await Assert.ThrowsAsync<BlobStoreException>(() => Open(location, "harbour", connection));
        Assert.Contains(place, refused.Message);
    }

    [Fact]
    public async Task Folder_of_a_running_site_is_refused()
    {
        using var first = await Open(new StoreFolder(_folder), "harbour", null);
        var refused = await Assert.ThrowsAsync<BlobStoreException>(() => Open(new StoreFolder(_folder), "harbour", null));
        Assert.Contains("is in use by process", refused.Message);
    }

    [Fact]
    public async Task Service_that_is_away_is_waited_for_and_then_named()
    {
        var refused = await Assert.ThrowsAsync<BlobStoreException>(() => SiteStore.Open(
            new AzureConnection(), SiteName.Parse("harbour"), Configuration(UnusedPort()), new HurriedTime(), _waits.Add, Cancellation));
        Assert.Contains("cannot be reached", refused.Message);
        Assert.Contains("cannot be reached", Assert.Single(_waits));
    }

    [Fact]
    public async Task Wrong_key_is_named_at_once()
    {
        var (location, connection) = await Empty(azure: true);
        var wrong = string.Join(';', connection!.Split(';').Select(part => part.StartsWith("AccountKey", StringComparison.Ordinal) ? "AccountKey=c2VjcmV0" : part));
        var refused = await Assert.ThrowsAsync<BlobStoreException>(() => Open(location, "harbour", wrong));
        Assert.Contains("refuses", refused.Message);
        Assert.Empty(_waits);
    }

    [Fact]
    public async Task Missing_identity_is_one_sentence()
    {
        var credential = new SiteCredential(new Uri("https://edge.blob.core.windows.net"), new NobodyCredential());
        var refused = await Assert.ThrowsAsync<BlobStoreException>(async () => await credential.GetTokenAsync(default, Cancellation));
        Assert.StartsWith("No identity was found that the store 'https://edge.blob.core.windows.net/' could know (nobody is here): ", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static IConfiguration Configuration(string? connection) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [StoreConnection.Variable] = connection }).Build();

    private static string UnusedPort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        return $"DefaultEndpointsProtocol=http;AccountName=edge;AccountKey=c2VjcmV0;BlobEndpoint=http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}/edge;";
    }

    private Task<SiteStore> Open(StoreLocation location, string site, string? connection) =>
        SiteStore.Open(location, SiteName.Parse(site), Configuration(connection), TimeProvider.System, _waits.Add, Cancellation);

    private async Task<(StoreLocation Location, string? Connection)> Empty(bool azure)
    {
        if (!azure)
        {
            return (new StoreFolder(_folder), null);
        }

        try
        {
            return (new AzureConnection(), await azurite.NewAccount(Cancellation));
        }
        catch (AzuriteException exception)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }

    /// <summary>Every wait is over at once, and took longer than it should.</summary>
    private sealed class HurriedTime : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Advance(dueTime + TimeSpan.FromSeconds(10));
            return timer;
        }
    }

    private sealed class NobodyCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("nobody is here.\nDetails follow.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("nobody is here.\nDetails follow.");
    }
}
