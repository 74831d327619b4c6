using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Participation.Identity;

namespace OrleansEdge.Benchmarks.Calls;

/// <summary>A silo and a client of it in this process, over TCP, with one participant.</summary>
internal sealed class CalledSite : IAsyncDisposable
{
    private const string Cluster = "calls";
    private static readonly Thumbprint BoundTo = Thumbprint.Parse(new('a', 64));
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansedge-calls-").FullName;
    private readonly Guid _process = Guid.NewGuid();
    private readonly FolderBlobStore _store;
    private readonly IHost _silo;
    private readonly IHost _client;
    private readonly AccessTokenSource? _tokens;
    private readonly CalledCertificates? _certificates;
    private IParticipantGrain? _participant;

    private CalledSite(bool isGuarded, bool isSecured)
    {
        var (siloPort, gatewayPort) = (FreePort(), FreePort());
        _store = FolderBlobStore.Open(Path.Combine(_folder, "store"));
        _certificates = isSecured ? new(Path.Combine(_folder, "certificates")) : null;
        _silo = new HostBuilder().UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort, null, Cluster, Cluster);
            silo.Services.AddSingleton<IBlobStore>(_store);
            silo.Services.AddCoordination();
            silo.Services.AddAudit();
            silo.AddBlobGrainStorage(StorageNames.Grains);
            silo.AddActivityPropagation();
            if (_certificates?.Server() is { } server)
            {
                silo.Configure<SiloConnectionOptions>(options => options.ConfigureGatewayInboundConnection(connection => connection.UseMiddleware(server)));
            }

            if (isGuarded)
            {
                silo.GuardCalls();
            }
        }).ConfigureLogging(logging => logging.ClearProviders()).Build();
        _client = new HostBuilder().UseOrleansClient(client =>
        {
            client.UseLocalhostClustering(gatewayPort, Cluster, Cluster);
            client.AddActivityPropagation();
            if (_certificates?.Client() is { } end)
            {
                client.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connection => connection.UseMiddleware(end)));
            }
        }).ConfigureLogging(logging => logging.ClearProviders()).Build();
        _tokens = isGuarded
            ? new(_ => Task.FromResult(_silo.Services.GetRequiredService<AccessTokens>().Issue(Callers.Participant, "dev1", BoundTo)), TimeProvider.System)
            : null;
    }

    /// <summary>Starts both, and registers the participant.</summary>
    /// <param name="isGuarded">Whether each call carries a token, which is looked at.</param>
    /// <param name="isSecured">Whether the client's connection has TLS 1.3 with certificates at both ends.</param>
    public static async Task<CalledSite> Start(bool isGuarded, bool isSecured)
    {
        var site = new CalledSite(isGuarded, isSecured);
        await site._silo.StartAsync();
        await site._client.StartAsync();
        site._participant = site._client.Services.GetRequiredService<IClusterClient>().GetGrain<IParticipantGrain>("dev1");
        site.Enter();
        var reply = await AccessTokenSource.Call(() => site._participant.Register(new(
            new('a', 64), site._process, SiteDescription.CurrentContractVersion, new(1, 1, "bench", 1, 1), [DataName.Parse("d")])));
        return reply.Refusal is null ? site : throw new InvalidOperationException(reply.Refusal);
    }

    /// <summary>Makes calls from here on those of the participant.</summary>
    public void Enter() => _tokens?.Enter();

    /// <summary>Asks for another token where the one that is there ends soon.</summary>
    public async Task Renew()
    {
        Enter();
        await AccessTokenSource.Call(() => Call().AsTask());
    }

    /// <summary>A heartbeat.</summary>
    public ValueTask<SyncReply> Call() => _participant!.Sync(new(_process, new(null, 0), [], [], Wait: false), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        await _silo.StopAsync();
        _client.Dispose();
        _silo.Dispose();
        _store.Dispose();
        _certificates?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
