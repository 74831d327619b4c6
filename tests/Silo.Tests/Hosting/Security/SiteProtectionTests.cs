using System.Net;
using System.Net.Http.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime.MembershipService.SiloMetadata;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>A site that is open to everyone says so, again and again.</summary>
public sealed class SiteProtectionTests
{
    private static readonly SiteOptions Loopback = new()
    {
        Name = SiteName.Parse("harbour"),
        Url = new Uri("http://192.0.2.7:7400"),
        Address = IPAddress.Loopback,
        Listen = IPAddress.Loopback,
        ListenUrl = "http://127.0.0.1:0",
        SiloPort = 1,
        GatewayPort = 1,
        Store = StoreLocation.Parse("store"),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_kind_of_protection_has_its_word()
    {
        Assert.Equal("loopback", SiteProtection.WordOf(Loopback));
        Assert.Equal("insecure", SiteProtection.WordOf(Loopback with { IsInsecure = true }));
        Assert.Equal("certificates", SiteProtection.WordOf(Loopback with { Certificates = new CertificateFolder("certificates") }));
    }

    [Fact]
    public async Task Open_site_says_so_at_its_start_and_every_hour()
    {
        var log = new ChannelLogger();
        var time = new FakeTimeProvider();
        using var reminder = new InsecureReminder(Loopback with { IsInsecure = true }, time, log);
        await reminder.StartAsync(Cancellation);
        for (var hour = 0; hour < 3; hour++)
        {
            var line = await log.Lines.ReadAsync(Cancellation);
            Assert.StartsWith("Warning: INSECURE: http://192.0.2.7:7400/ is in clear and open to everyone who reaches it", line, StringComparison.Ordinal);
            Assert.Equal(0, log.Lines.Count);
            time.Advance(TimeSpan.FromHours(1));
        }

        await reminder.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData(true, "insecure")]
    [InlineData(false, "loopback")]
    public async Task Site_tells_whoever_asks_how_it_is_protected_and_is_reminded_only_where_it_is_open(bool isInsecure, string word)
    {
        var options = Loopback with { IsInsecure = isInsecure };
        await using var site = await Start(options);
        using var http = new HttpClient { BaseAddress = new Uri(site.Urls.Single()) };

        var answer = await http.GetFromJsonAsync<SiteDescription>("/site", Cancellation);

        Assert.Equal(word, answer!.Protection);
        Assert.Equal(isInsecure, site.Services.GetServices<IHostedService>().OfType<InsecureReminder>().Any());
    }

    private static async Task<WebApplication> Start(SiteOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<SiteMembers>();
        builder.Services.AddSingleton<FleetPlaces>();
        builder.Services.AddSingleton<GatewayTraffic>();
        builder.AddSecurity(options, null);
        builder.Host.UseOrleans(silo => silo
            .UseLocalhostClustering(TestSite.FreePort(), TestSite.FreePort())
            .UseSiloMetadata(SiteMembers.Describe(options)));
        var site = builder.Build();
        site.UseSecurity(null);
        site.MapSite(options);
        await site.StartAsync(Cancellation);
        return site;
    }

    private sealed class ChannelLogger : ILogger<InsecureReminder>
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public ChannelReader<string> Lines => _lines.Reader;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Writer.TryWrite($"{logLevel}: {formatter(state, exception)}");
    }
}
