using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Silo.Tests.Commands;
using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Identity.Gateway;

/// <summary>What comes back with the answer to a call, over a socket.</summary>
public sealed class AnsweredCallTests : IDisposable
{
    private const string Cluster = "answered";
    private const string TracePlace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;
    private readonly int _gateway = TestSite.FreePort();
    private readonly Recorder _received = new();
    private readonly Recorder _sent = new();

    public AnsweredCallTests() => _store = FolderBlobStore.Open(_folder.Path);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("dev1", SyncStanding.Unregistered)]
    [InlineData("dev2", null)]
    public async Task A_token_goes_with_a_call_and_does_not_come_back_with_the_answer(string participant, SyncStanding? standing)
    {
        using var silo = await Start(Silo());
        using var client = await Start(Client());
        var token = silo.Services.GetRequiredService<AccessTokens>().Issue(Callers.Participant, "dev1").Token;
        RequestContext.Set(CallContext.Token, token);
        RequestContext.Set("traceparent", TracePlace);

        var grain = client.Services.GetRequiredService<IClusterClient>().GetGrain<IParticipantGrain>(participant);
        var call = grain.Sync(new(Guid.NewGuid(), new(null, 0), [], [], Wait: false), TestContext.Current.CancellationToken).AsTask();
        if (standing is null)
        {
            await Assert.ThrowsAsync<CallRefusedException>(() => call);
        }
        else
        {
            Assert.Equal(standing, (await call).Standing);
        }

        await client.StopAsync(TestContext.Current.CancellationToken);
        await silo.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(_sent.Has(token));
        Assert.True(_received.Has(TracePlace), "what else goes with a call comes back, so this test would see the token");
        Assert.False(_received.Has(token));
    }

    private static async Task<IHost> Start(IHost host)
    {
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private IHost Client() => new HostBuilder().UseOrleansClient(client =>
    {
        client.UseLocalhostClustering(_gateway, Cluster, Cluster);
        client.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connection => connection.UseMiddleware(_received)));
    }).ConfigureLogging(logging => logging.ClearProviders()).Build();

    private IHost Silo() => new HostBuilder().UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(TestSite.FreePort(), _gateway, null, Cluster, Cluster);
        silo.Configure<SiloConnectionOptions>(options => options.ConfigureGatewayInboundConnection(connection => connection.UseMiddleware(_sent)));
        silo.Services.AddSingleton<IBlobStore>(_store);
        silo.Services.AddCoordination();
        silo.Services.AddAudit();
        silo.AddBlobGrainStorage(StorageNames.Grains);
        silo.GuardCalls();
    }).ConfigureLogging(logging => logging.ClearProviders()).Build();

    /// <summary>Keeps what one end of the connection reads.</summary>
    private sealed class Recorder : IConnectionMiddleware
    {
        private readonly List<byte> _bytes = [];

        public bool Has(string text)
        {
            lock (_bytes)
            {
                return _bytes.ToArray().AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
            }
        }

        public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
        {
            context.Transport = new RecordedPipe(context.Transport, _bytes);
            await next(context);
        }
    }
}
