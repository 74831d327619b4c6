using Orleans.Configuration;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Puts a site together: store, silo, coordination, web.</summary>
internal static class SiteHost
{
    /// <summary>The service id of every OrleansEdge cluster.</summary>
    public const string ServiceId = "orleansedge";

    /// <summary>How long a site may take to stop.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs the site until it is told to stop.</summary>
    public static async Task Run(SiteOptions options, CancellationToken cancellation)
    {
        using var store = FolderBlobStore.Open(options.Store);
        await using var app = Build(options, store);
        await app.RunAsync(cancellation);
    }

    private static WebApplication Build(SiteOptions options, IBlobStore store)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.UseUrls(options.Url.ToString());
        builder.Logging.AddSiteLogging();
        builder.AddSiteTelemetry(options);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(store);
        builder.AddFaults(ProcessFaults.FromEnvironment(TimeProvider.System, FaultTarget.Silo, FaultTarget.Shard));
        builder.Services.AddSingleton<GatewayTraffic>();
        builder.Services.AddCoordination();
        builder.Services.Configure<CoordinationOptions>(builder.Configuration.GetSection(CoordinationOptions.Section));
        builder.Services.AddHostedService<JobReviver>();
        builder.Services.AddHostedService<ParentPipe>();
        builder.UseOrleans(silo => ConfigureSilo(silo, options));
        var app = builder.Build();
        app.MapSite(options);
        app.MapOperatorApi();
        return app;
    }

    private static void ConfigureSilo(ISiloBuilder silo, SiteOptions options)
    {
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = options.Name.Value;
            cluster.ServiceId = ServiceId;
        });
        silo.UseDevelopmentClustering(new System.Net.IPEndPoint(options.Address, options.SiloPort));
        silo.ConfigureEndpoints(options.Address, options.SiloPort, options.GatewayPort);
        silo.AddBlobGrainStorage(StorageNames.Grains);
        silo.CountGatewayTraffic();
        silo.Configure<SiloMessagingOptions>(messaging => messaging.MaxMessageBodySize = MessageLimits.MaximumBodySize);
    }
}
