using Orleans.Configuration;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Silo.Hosting.Storage;
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
        ListeningPorts.RequireFree(options);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        using var store = await SiteStore.Open(
            options.Store, options.Name, builder.Configuration, TimeProvider.System, Console.Error.WriteLine, cancellation);
        await using var app = Build(builder, options, store.Blobs);
        await app.RunAsync(cancellation);
    }

    private static WebApplication Build(WebApplicationBuilder builder, SiteOptions options, IBlobStore store)
    {
        builder.WebHost.UseUrls(options.Url.ToString());
        builder.Logging.AddSiteLogging();
        builder.AddSiteTelemetry(options);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(KillSwitch.FromEnvironment(SiloKillPoints.All));
        builder.Services.AddSingleton<GatewayTraffic>();
        builder.Services.AddCoordination();
        builder.Services.Configure<CoordinationOptions>(builder.Configuration.GetSection(CoordinationOptions.Section));
        builder.Services.AddHostedService<ParentPipe>();
        builder.UseOrleans(silo => ConfigureSilo(silo, options, store));

        // After the silo, in this order: before it is active, no grain can be touched.
        builder.Services.AddHostedService<JobReviver>();
        var app = builder.Build();
        app.MapSite(options);
        app.MapOperatorApi();
        return app;
    }

    private static void ConfigureSilo(ISiloBuilder silo, SiteOptions options, IBlobStore store)
    {
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = options.Name.Value;
            cluster.ServiceId = ServiceId;
        });
        silo.UseDevelopmentClustering(new System.Net.IPEndPoint(options.Address, options.SiloPort));
        silo.ConfigureEndpoints(options.Address, options.SiloPort, options.GatewayPort);
        silo.AddGrainState(store);
        silo.CountGatewayTraffic();
        silo.Configure<SiloMessagingOptions>(messaging => messaging.MaxMessageBodySize = MessageLimits.MaximumBodySize);
    }
}
