using Orleans.Configuration;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Hosting.Limits;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Identity.Gateway;
using OrleansEdge.Silo.Uplink;
using OrleansEdge.Silo.Web;
using StackExchange.Redis;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Puts a site together: store, silo, coordination, web.</summary>
internal static class SiteHost
{
    /// <summary>The service id of every OrleansEdge cluster.</summary>
    public const string ServiceId = "orleansedge";

    /// <summary>What the process returns that was told to stop and did not.</summary>
    private const int LateExitCode = 1;

    /// <summary>Runs the site until it is told to stop.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="MembershipException">The silo cannot join the others of its site.</exception>
    public static async Task<int> Run(SiteOptions options, CancellationToken cancellation)
    {
        ListeningPorts.RequireFree(options);
        var certificates = options.Certificates is { } folder ? SiteCertificates.Open(folder, options.Name, HostsOf(options), TimeProvider.System) : null;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        using var store = await SiteStore.Open(
            options.Store, options.Name, builder.Configuration, TimeProvider.System, Console.Error.WriteLine, cancellation);
        await using var redis = options.Cluster is { } address ? await RedisConnection.Open(address, options.ClusterPassword, cancellation) : null;
        var tenancy = options.Store.IsShared ? await TakeStore(options, store, redis, cancellation) : null;
        await using var app = Build(builder, options, store, redis, tenancy, certificates);
        app.RequireSettings();
        if (redis is not null)
        {
            await app.Services.GetRequiredService<ClusterClaim>().Take();
        }

        // Running ends with the application disposed of.
        var exit = app.Services.GetRequiredService<SiteExit>();
        if (!await exit.HasStopped(app.RunAsync(cancellation)))
        {
            await Console.Error.WriteLineAsync(
                $"The silo was told to stop and has not, {(SiteExit.ShutdownTimeout + SiteExit.Grace).TotalSeconds:0} seconds later: it ends now, as if it had been killed.");
            Environment.Exit(exit.ExitCode == 0 ? LateExitCode : exit.ExitCode);
        }

        return exit.ExitCode;
    }

    /// <summary>A folder is held by a lock; what several machines can reach is not.</summary>
    private static async Task<StoreTenancy> TakeStore(
        SiteOptions options, SiteStore store, IConnectionMultiplexer? redis, CancellationToken cancellation)
    {
        var cluster = redis is null
            ? ClusterClaim.IdentifySilo(options)
            : await ClusterClaim.IdentifyCluster(redis, options.Cluster!, options.Name);
        var tenancy = new StoreTenancy(store.Blobs, options.Name, cluster, TimeProvider.System);
        await tenancy.Take(Console.Error.WriteLine, cancellation);
        return tenancy;
    }

    /// <summary>Under which names other programs than agents look for the silo.</summary>
    private static IEnumerable<string> HostsOf(SiteOptions options) =>
        new[] { options.Address.ToString(), options.Url.IdnHost, "localhost", "127.0.0.1", Environment.MachineName.ToLowerInvariant() }
            .Where(host => host.Length > 0 && host.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or ':')).Distinct();

    private static WebApplication Build(
        WebApplicationBuilder builder, SiteOptions options, SiteStore store, IConnectionMultiplexer? redis, StoreTenancy? tenancy, SiteCertificates? certificates)
    {
        builder.Logging.AddSiteLogging();
        builder.AddSiteTelemetry(options);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = SiteExit.ShutdownTimeout);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(store.Blobs);
        var faults = ProcessFaults.FromEnvironment(TimeProvider.System, FaultTarget.Silo, FaultTarget.Shard, FaultTarget.Uplink);
        builder.AddFaults(faults);
        builder.LimitHttp();
        builder.AddSecurity(options, certificates);
        builder.Services.AddSingleton<GatewayTraffic>();
        builder.Services.AddGatewayLimits(builder.Configuration);
        builder.Services.AddSingleton<SiteMembers>();
        builder.Services.AddSingleton<SiteReadiness>();
        builder.Services.AddSingleton<SiteExit>();
        if (redis is not null)
        {
            AddClaim(builder, options, store, redis, tenancy);
        }

        builder.Services.AddCoordination();
        builder.Services.AddSettings<CoordinationOptions>(builder.Configuration, CoordinationOptions.Section);
        builder.AddRetention();
        builder.AddIdentity(options);
        builder.Services.AddUplink(options);
        builder.Services.AddHostedService<ParentPipe>();
        builder.UseOrleans(silo => ConfigureSilo(silo, options, store.Blobs, faults));

        builder.Services.AddHostedService<SettingsAudit>();

        // After the silo, in this order: before it is active, no grain can be touched.
        builder.Services.AddHostedService<JobReviver>();
        builder.Services.AddHostedService<RetentionTimer>();
        builder.Services.KeepUplink(options);
        if (tenancy is not null)
        {
            builder.Services.AddSingleton(tenancy);
            builder.Services.AddHostedService<StoreTenant>();
        }

        if (redis is not null)
        {
            builder.Services.AddHostedService<MembershipGuard>();
        }

        var app = builder.Build();
        app.CutRequestsWhenStopping();
        app.UseSecurity(certificates);
        app.MapSite(options);
        app.MapHealth();

        // Its file is there before the first request.
        app.Services.GetRequiredService<LocalOperator>();
        app.MapTokens();
        app.MapOperatorApi();
        return app;
    }

    private static void AddClaim(WebApplicationBuilder builder, SiteOptions options, SiteStore store, IConnectionMultiplexer redis, StoreTenancy? tenancy)
    {
        builder.Services.AddSingleton(redis);
        builder.Services.AddSingleton(provider => new ClusterClaim(
            redis, options.Cluster!, options.Name, new(store.Id, store.Blobs.Describe(StoreOwner.Name)), tenancy?.Cluster,
            provider.GetRequiredService<TimeProvider>()));
    }

    private static void ConfigureSilo(ISiloBuilder silo, SiteOptions options, IBlobStore store, ProcessFaults faults)
    {
        silo.UseSiteClustering(options);
        silo.AddGrainState(store);
        silo.LimitConnections();
        silo.CountGatewayTraffic();
        if (options.Certificates is not null)
        {
            silo.SecureConnections();
        }

        silo.GuardMessages();
        silo.GuardClients();
        silo.LimitCalls();
        silo.GuardCalls();
        silo.AddLinkFaults(faults);
        silo.Configure<SiloMessagingOptions>(messaging => messaging.MaxMessageBodySize = MessageLimits.MaximumBodySize);
    }
}
