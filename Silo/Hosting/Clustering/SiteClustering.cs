using System.Net;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;
using StackExchange.Redis;

namespace OrleansEdge.Silo.Hosting.Clustering;

/// <summary>
/// How the silos of a site find each other, and how soon they give one up. The figures are explained in
/// <c>docs/decisions/0005-membership-in-redis.md</c>.
/// </summary>
internal static class SiteClustering
{
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(3);
    private const int MissedProbes = 4;
    private const int Votes = 2;
    private static readonly TimeSpan AlivePeriod = TimeSpan.FromSeconds(3);
    private const int MissedAlive = 3;
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(5);

    /// <summary>The Redis hash that holds the silos of a cluster.</summary>
    public static RedisKey MembersKey(string clusterId) => $"{SiteHost.ServiceId}/members/{clusterId}";

    /// <summary>One silo alone, or several that know each other by Redis.</summary>
    public static void UseSiteClustering(this ISiloBuilder silo, SiteOptions options)
    {
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = options.Name.Value;
            cluster.ServiceId = SiteHost.ServiceId;
        });
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = options.Address;
            endpoints.SiloPort = options.SiloPort;
            endpoints.GatewayPort = options.GatewayPort;
            endpoints.SiloListeningEndpoint = new IPEndPoint(options.Listen, options.SiloPort);
            endpoints.GatewayListeningEndpoint = new IPEndPoint(options.Listen, options.GatewayPort);
        });
        silo.UseSiloMetadata(SiteMembers.Describe(options));
        if (options.Cluster is not { } address)
        {
            silo.UseDevelopmentClustering(new IPEndPoint(options.Address, options.SiloPort));
            return;
        }

        silo.UseRedisClustering(redis =>
        {
            redis.ConfigurationOptions = RedisConnection.Options(address, options.ClusterPassword);
            redis.CreateRedisKey = cluster => MembersKey(cluster.ClusterId);
        });
        silo.Configure<ClusterMembershipOptions>(Tune);
    }

    /// <summary>A killed silo is out in about ten seconds, and so is one that cannot be asked any more; one that is only busy is not.</summary>
    public static void Tune(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = ProbePeriod;
        membership.MinProbeTimeout = ProbePeriod;
        membership.MaxProbeTimeout = LongestProbe;
        membership.NumMissedProbesLimit = MissedProbes;
        membership.NumVotesForDeathDeclaration = Votes;
        membership.IAmAliveTablePublishTimeout = AlivePeriod;
        membership.NumMissedTableIAmAliveLimit = MissedAlive;
        membership.TableRefreshTimeout = TableRefresh;
    }
}
