using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>Where devices enrol, over HTTPS, for those who have no right invitation.</summary>
public sealed class EnrolmentEndpointsTests : IAsyncLifetime
{
    private static readonly IPAddress Guesser = IPAddress.Loopback;
    private static readonly IPAddress Neighbour = IPAddress.Parse("127.0.0.2");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private WebApplication _site = null!;
    private SiteOptions _options = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var files = new CertificateFolder(Path.Combine(_folder.Path, "certificates"));
        files.Init(SiteName.Parse("harbour"), null, _time.GetUtcNow());
        _options = TestOptions.Of("harbour", _folder.Path) with
        {
            Url = new Uri($"https://127.0.0.1:{TestSite.FreePort()}"),
            ListenUrl = "",
            Certificates = files,
        };
        var certificates = SiteCertificates.Open(files, _options.Name, ["127.0.0.1"], _time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton<IBlobStore>(_ => FolderBlobStore.Open(Path.Combine(_folder.Path, "store")));
        builder.Services.AddSingleton<IAuditLog, RecordingAudit>();
        builder.Services.AddSingleton(_options);
        builder.AddSecurity(_options, certificates);
        _site = builder.Build();
        _site.UseSecurity(certificates);
        await _site.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Address_that_guesses_invitations_has_to_wait_a_minute_and_others_do_not()
    {
        using var guesser = ClientAt(Guesser);
        using var neighbour = ClientAt(Neighbour);
        for (var guess = 0; guess < FailureLimiter.MostFailures; guess++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await Guess(guesser)).Status);
        }

        var (status, sentence) = await Guess(guesser);
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Contains("too many requests from this address were wrong", sentence, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Forbidden, (await Guess(guesser, "/enrol/renew")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Guess(neighbour)).Status);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Forbidden, (await Guess(guesser)).Status);
    }

    [Fact]
    public async Task Request_that_cannot_be_read_counts_as_a_guess()
    {
        using var guesser = ClientAt(Guesser);
        for (var guess = 0; guess < FailureLimiter.MostFailures; guess++)
        {
            using var unreadable = await guesser.PostAsync("/enrol", new StringContent("{"), Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, unreadable.StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await Guess(guesser)).Status);
    }

    private static async Task<(HttpStatusCode Status, string Sentence)> Guess(HttpClient client, string path = "/enrol")
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new EnrolmentRequest("dev7", SigningRequest.Create(ParticipantId.Parse("dev7"), key), Convert.ToHexStringLower(new byte[16]), "a guess");
        using var answer = await client.PostAsJsonAsync(path, request, EnrolmentJson.Options, Cancellation);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<EnrolmentError>(EnrolmentJson.Options, Cancellation))!.Error);
    }

    /// <summary>A client whom the site sees at an address of this machine.</summary>
    private HttpClient ClientAt(IPAddress address) => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = _options.Url,
    };
}
