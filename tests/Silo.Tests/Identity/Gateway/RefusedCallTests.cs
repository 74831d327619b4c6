using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Silo.Hosting.Limits;
using OrleansEdge.Silo.Identity.Gateway;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Identity.Gateway;

/// <summary>A call that is refused is on record with where it came from, at whichever silo of a site it is refused.</summary>
public sealed class RefusedCallTests : IAsyncLifetime
{
    private const string Cluster = "followed";
    private const string Elsewhere = "a connection of another silo, or one that has ended";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;
    private readonly int[] _siloPorts = [TestSite.FreePort(), TestSite.FreePort()];
    private readonly int _gateway = TestSite.FreePort();
    private readonly RefusalsOnRecord[] _records = [new(), new()];
    private readonly List<IHost> _hosts = [];

    public RefusedCallTests() => _store = FolderBlobStore.Open(_folder.Path);

    public async ValueTask InitializeAsync()
    {
        await Start(Silo(0, _gateway));
        await Start(Silo(1, TestSite.FreePort()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }

        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_refused_call_is_on_record_with_the_address_of_its_connection_or_says_that_another_silo_has_it()
    {
        var client = await Connect();
        await CallUntil(client, () => _records[0].Has("127.0.0.1") && _records[1].Has(Elsewhere));

        Assert.All(_records[0].From, from => Assert.Equal("127.0.0.1", from));
        Assert.All(_records[1].From, from => Assert.Equal(Elsewhere, from));
    }

    [Fact]
    public void A_client_that_has_gone_is_still_known_for_a_while_and_not_for_ever()
    {
        var origins = new ClientOrigins();
        var sender = GrainId.Create("sys.client", new string('a', 32));
        origins.Enter(new('a', 32), "198.51.100.7").Dispose();
        Assert.Equal("198.51.100.7", origins.Find(sender));

        using var back = origins.Enter(new('a', 32), "2001:db8::1");
        Assert.Equal("2001:db8::1", origins.Find(GrainId.Create("sys.client", new string('a', 32) + "+observer")));
        using (origins.Enter(new('a', 32), "192.0.2.1"))
        {
            Assert.Equal("2001:db8::1 or 192.0.2.1", origins.Find(sender));
        }

        var others = Enumerable.Range(0, 5000).Select(index => origins.Enter($"{index:D32}", "203.0.113.9")).ToList();
        others.ForEach(other => other.Dispose());
        Assert.InRange(origins.Known, 1, 1100);
        Assert.Equal("2001:db8::1", origins.Find(sender));
        Assert.Equal(Elsewhere, origins.Find(GrainId.Create("sys.client", new string('0', 32))));
        Assert.Null(origins.Find(GrainId.Create("job", "digits")));
        Assert.Null(origins.Find(GrainId.Create("sys.client", "hosted-127.0.0.1:11111@1")));
    }

    private async Task CallUntil(IGrainFactory client, Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        for (var key = 0L; !condition(); key++)
        {
            Assert.False(limit.IsCancellationRequested, $"{key} calls were not refused at both silos, but {string.Join(", ", _records.Select(record => record.From.Count))} times.");

            // Each is placed at one silo or the other.
            await client.GetGrain<IParticipantGrain>($"dev{key}").Sync(new(Guid.Empty, new(null, 0), [], [], false), limit.Token).AsTask()
                .ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task<IGrainFactory> Connect() => (await Start(new HostBuilder()
        .UseOrleansClient(builder => builder.UseLocalhostClustering(_gateway, Cluster, Cluster))
        .ConfigureLogging(logging => logging.ClearProviders()).Build())).Services.GetRequiredService<IClusterClient>();

    private async Task<IHost> Start(IHost host)
    {
        _hosts.Add(host);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private IHost Silo(int index, int gateway) => new HostBuilder().UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(_siloPorts[index], gateway, index == 0 ? null : new(System.Net.IPAddress.Loopback, _siloPorts[0]), Cluster, Cluster);
        silo.Services.AddSingleton<IBlobStore>(_store);
        silo.Services.AddSingleton<IAuditLog>(_records[index]);
        silo.Services.AddSingleton(new GatewayLimitOptions());
        silo.Services.AddSingleton<Refusals>();
        silo.Services.AddSingleton(new CallerRates(new(), _ => default, TimeProvider.System));
        silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();
        silo.Services.AddCoordination();
        silo.AddBlobGrainStorage(StorageNames.Grains);
        silo.GuardClients();
        silo.GuardCalls();
    }).ConfigureLogging(logging => logging.ClearProviders()).Build();

    private sealed class RefusalsOnRecord : IAuditLog
    {
        private readonly ConcurrentQueue<string?> _from = [];

        public ConcurrentQueue<string?> From => _from;

        public bool Has(string from) => _from.Contains(from);

        public Task Record(AuditEntry entry) => Task.CompletedTask;

        public void Denied(AuditEntry entry) => _from.Enqueue(entry.From);
    }
}
