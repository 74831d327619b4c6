using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.EdgeAgent.Tests.Connection;

public sealed class SiteDirectoryTests
{
    private static readonly Uri First = new("http://silo1:7400/");
    private static readonly Uri Second = new("http://silo2:7400/");
    private static readonly Uri Third = new("http://silo3:7400/");

    [Fact]
    public async Task The_next_silo_is_asked_when_one_is_dead_and_stays_the_first_to_be_asked()
    {
        using var silos = new FakeSilos { [Second] = Describe() };
        using var directory = new SiteDirectory([First, Second], TimeProvider.System, handler: silos);

        await directory.Ask(CancellationToken.None);
        Assert.Equal([First, Second], silos.Asked);

        silos.Asked.Clear();
        await directory.Ask(CancellationToken.None);
        Assert.Equal([Second], silos.Asked);
    }

    [Fact]
    public async Task A_silo_that_another_one_named_is_asked_when_all_that_were_given_are_dead()
    {
        using var silos = new FakeSilos { [First] = Describe("http://silo1:7400", "http://silo3:7400") };
        using var directory = new SiteDirectory([First], TimeProvider.System, handler: silos);
        await directory.Ask(CancellationToken.None);

        silos.Remove(First);
        silos[Third] = Describe("http://silo3:7400");

        Assert.Equal("harbour", (await directory.Ask(CancellationToken.None)).Name);
        Assert.Contains(First, directory.Addresses);
    }

    [Fact]
    public async Task Another_site_at_the_address_of_a_silo_is_not_taken_for_the_site()
    {
        using var silos = new FakeSilos { [First] = Describe() };
        using var directory = new SiteDirectory([First], TimeProvider.System, handler: silos);
        await directory.Ask(CancellationToken.None);

        silos[First] = Describe() with { Name = "lake", ClusterId = "lake" };

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => directory.Ask(CancellationToken.None));
        Assert.Equal("http://silo1:7400/ is the site 'lake' now.", refused.Message);
    }

    [Fact]
    public async Task Nobody_there_is_said_of_the_last_one()
    {
        using var directory = new SiteDirectory([First, Second], TimeProvider.System, handler: new FakeSilos());
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => directory.Ask(CancellationToken.None));
        Assert.Equal("nobody listens at silo2", refused.Message);
    }

    [Fact]
    public async Task A_connection_that_is_reset_as_it_is_made_is_a_silo_that_does_not_answer()
    {
        using var silos = new FakeSilos { [Second] = Describe(), Fault = new SocketException((int)SocketError.NotConnected) };
        using var directory = new SiteDirectory([First, Second], TimeProvider.System, handler: silos);
        Assert.Equal("harbour", (await directory.Ask(CancellationToken.None)).Name);
    }

    private static SiteDescription Describe(params string[] addresses) =>
        new("harbour", "harbour", "orleansedge", ["127.0.0.1:30000"], SiteDescription.CurrentContractVersion) { Addresses = addresses };

    private sealed class FakeSilos : HttpMessageHandler
    {
        private readonly Dictionary<string, SiteDescription> _descriptions = [];

        public List<Uri> Asked { get; } = [];

        /// <summary>What comes where no silo is; null: what comes where nobody listens.</summary>
        public Exception? Fault { get; init; }

        public SiteDescription this[Uri silo]
        {
            set => _descriptions[silo.Host] = value;
        }

        public void Remove(Uri silo) => _descriptions.Remove(silo.Host);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(new(request.RequestUri!.GetLeftPart(UriPartial.Authority)));
            return _descriptions.TryGetValue(request.RequestUri.Host, out var description)
                ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(description) })
                : throw Fault ?? new HttpRequestException($"nobody listens at {request.RequestUri.Host}");
        }
    }
}
