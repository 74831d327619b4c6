using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime.Messaging;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Silo.Hosting.Limits;
using OrleansEdge.Silo.Identity.Gateway;
using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Identity.Gateway;

/// <summary>A silo with the guard before its gateway, that keeps what a client has sent to it.</summary>
internal sealed class ListenedSilo : IAsyncDisposable
{
    private const string Cluster = "guarded";
    private readonly IHost _silo;
    private readonly Recorder _recorder = new();

    private ListenedSilo()
    {
        Port = TestSite.FreePort();
        _silo = new HostBuilder().UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(TestSite.FreePort(), Port, null, Cluster, Cluster);
            silo.Services.AddSingleton<IAuditLog>(_recorder);
            silo.Services.Configure<SiloConnectionOptions>(options => options.ConfigureGatewayInboundConnection(connection => connection.UseMiddleware(_recorder)));
            silo.Services.AddSingleton(new GatewayLimitOptions());
            silo.Services.AddSingleton<Refusals>();
            silo.Services.AddSingleton(new CallerRates(new(), _ => default, TimeProvider.System));
            silo.GuardClients();
        }).ConfigureLogging(logging => logging.ClearProviders()).Build();
    }

    /// <summary>The gateway's port.</summary>
    public int Port { get; }

    /// <summary>Why connections were ended.</summary>
    public IReadOnlyCollection<string> Refusals => _recorder.Refusals;

    /// <summary>Starts it.</summary>
    public static async Task<ListenedSilo> Start()
    {
        var silo = new ListenedSilo();
        await silo._silo.StartAsync(TestContext.Current.CancellationToken);
        return silo;
    }

    /// <summary>Lets a client connect and ask something.</summary>
    /// <returns>What it has sent: its introduction, then messages.</returns>
    public async Task<List<byte[]>> Listen()
    {
        using var client = new HostBuilder()
            .UseOrleansClient(builder => builder.UseLocalhostClustering(Port, Cluster, Cluster))
            .ConfigureLogging(logging => logging.ClearProviders()).Build();
        await client.StartAsync(TestContext.Current.CancellationToken);

        // There is no such grain here; the question was sent all the same.
        var grain = client.Services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(0);
        await grain.GetHosts();
        await client.StopAsync(TestContext.Current.CancellationToken);
        return _recorder.Frames();
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.StopAsync();
        _silo.Dispose();
    }

    private sealed class Recorder : IConnectionMiddleware, IAuditLog
    {
        private List<byte> _bytes = [];
        private readonly List<string> _refusals = [];

        public IReadOnlyCollection<string> Refusals
        {
            get
            {
                lock (_refusals)
                {
                    return [.. _refusals];
                }
            }
        }

        public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
        {
            // Each client has one connection, and the last client counts.
            _bytes = [];
            context.Transport = new RecordedPipe(context.Transport, _bytes);
            await next(context);
        }

        public Task Record(AuditEntry entry) => Task.CompletedTask;

        public void Denied(AuditEntry entry)
        {
            lock (_refusals)
            {
                _refusals.Add(entry.Detail!);
            }
        }

        public List<byte[]> Frames()
        {
            var recorded = _bytes;
            byte[] bytes;
            lock (recorded)
            {
                bytes = [.. recorded];
            }

            var frames = new List<byte[]>();
            for (var at = 0; at < bytes.Length; at += frames[^1].Length)
            {
                var length = frames.Count == 0 ? 4 + BitConverter.ToInt32(bytes, at) : 8 + BitConverter.ToInt32(bytes, at) + BitConverter.ToInt32(bytes, at + 4);
                frames.Add(bytes[at..(at + length)]);
            }

            return frames;
        }
    }
}
