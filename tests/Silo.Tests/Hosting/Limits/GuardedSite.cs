using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Silo.Hosting.Limits;
using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Hosting.Limits;

/// <summary>A silo with a guarded gateway on a free port, short limits, and an honest device that is connected to it.</summary>
internal sealed class GuardedSite : IAsyncDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-guard-").FullName;
    private readonly int _gateway = TestSite.FreePort();
    private readonly int _siloPort = TestSite.FreePort();
    private readonly Guid _process = Guid.NewGuid();
    private WebApplication? _app;
    private IHost? _honest;

    public Refusals Refusals => _app!.Services.GetRequiredService<Refusals>();

    public ConnectionLimits Connections => _app!.Services.GetRequiredService<PortLimits>().Gateway;

    public CallLimit Calls => _app!.Services.GetRequiredService<CallLimit>();

    public StagingArea Staging => _app!.Services.GetRequiredService<StagingArea>();

    public PermitBudget Permits => _app!.Services.GetRequiredService<PermitBudget>();

    public IPEndPoint Gateway => new(IPAddress.Loopback, _gateway);

    /// <summary>Where other silos connect.</summary>
    public IPEndPoint SiloPort => new(IPAddress.Loopback, _siloPort);

    public IGrainFactory Honest => _honest!.Services.GetRequiredService<IClusterClient>();

    public static async Task<GuardedSite> Start(Action<GatewayLimitOptions>? configure = null)
    {
        var site = new GuardedSite();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IBlobStore>(_ => FolderBlobStore.Open(site._folder));
        builder.Services.AddCoordination();
        builder.Services.AddGatewayLimits(builder.Configuration);
        builder.Services.Configure<GatewayLimitOptions>(options =>
        {
            options.HandshakeTimeout = TimeSpan.FromSeconds(1);
            options.MessageTimeout = TimeSpan.FromSeconds(2);
            options.NewConnectionsPerSecond = 100_000;
            configure?.Invoke(options);
        });
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(site._siloPort, site._gateway);
            silo.AddBlobGrainStorage(StorageNames.Grains);
            silo.LimitConnections();
            silo.GuardMessages();
            silo.LimitCalls();
            silo.Configure<SiloMessagingOptions>(messaging => messaging.MaxMessageBodySize = MessageLimits.MaximumBodySize);
        });
        site._app = builder.Build();
        await site._app.StartAsync();
        site._honest = await site.Connect();
        Assert.Null((await site.Device().Register(new(
            new string('a', 64), site._process, SiteDescription.CurrentContractVersion, new(1, 1, "test", 1, 1), [DataName.Parse("digits")]))).Refusal);
        return site;
    }

    /// <summary>Connects one more Orleans client.</summary>
    public async Task<IHost> Connect(int largestMessage = MessageLimits.MaximumBodySize, Recording? recording = null)
    {
        var host = new HostBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .UseOrleansClient(client =>
            {
                client.UseStaticClustering(Gateway);
                client.Configure<ClientMessagingOptions>(options =>
                {
                    options.MaxMessageBodySize = largestMessage;
                    options.ResponseTimeout = TimeSpan.FromSeconds(5);
                });
                if (recording is not null)
                {
                    client.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connection => connection.UseMiddleware(recording)));
                }
            })
            .Build();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(CallLimit);
        await host.StartAsync(limit.Token);
        return host;
    }

    /// <summary>A plain connection to the gateway, or to another port.</summary>
    public async Task<Socket> Open(IPEndPoint? port = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(port ?? Gateway, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>The honest device is answered.</summary>
    public async Task RequireHonestServed(int beats = 20)
    {
        for (var beat = 0; beat < beats; beat++)
        {
            var reply = await Device().Sync(new(_process, new(null, 0), [], [], false), CancellationToken.None).AsTask().WaitAsync(CallLimit);
            Assert.Equal(SyncStanding.Current, reply.Standing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(CallLimit);
        if (_honest is not null)
        {
            await _honest.StopAsync(limit.Token);
            _honest.Dispose();
        }

        await _app!.StopAsync(limit.Token);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private IParticipantGrain Device() => Honest.GetGrain<IParticipantGrain>("honest");
}

/// <summary>One site for all tests that can share it: each looks at what is added by itself.</summary>
public sealed class GuardedSiteFixture : IAsyncLifetime
{
    internal GuardedSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Site = await GuardedSite.Start();

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
