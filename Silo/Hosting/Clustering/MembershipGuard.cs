using StackExchange.Redis;

namespace OrleansEdge.Silo.Hosting.Clustering;

/// <summary>
/// Looks after this silo's entry in the cluster's Redis. A Redis that comes back empty leaves the silos that run in a cluster that no new silo
/// can find: they end, each handing over what it can, and join anew when they are started again.
/// </summary>
internal sealed partial class MembershipGuard(
    IConnectionMultiplexer redis, ClusterClaim claim, ILocalSiloDetails silo, SiteExit exit, TimeProvider time, ILogger<MembershipGuard> logger)
    : BackgroundService
{
    /// <summary>A first look could fall between two steps of a silo that has just joined.</summary>
    private const int MissesThatCount = 2;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var misses = 0;
        using var timer = new PeriodicTimer(ClusterClaim.RenewalPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await claim.Renew();
                misses = await IsListed() ? 0 : misses + 1;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // Without Redis the silos go on as they are; nobody can join or be voted out.
                LogAway(exception.Message);
            }

            if (misses >= MissesThatCount)
            {
                LogLost();
                exit.StopToStartAgain();
                return;
            }
        }
    }

    private Task<bool> IsListed() => redis.GetDatabase().HashExistsAsync(SiteClustering.MembersKey(silo.ClusterId), silo.SiloAddress.ToString());

    [LoggerMessage(LogLevel.Warning, "The cluster's Redis does not answer; this silo goes on with the silos that it knows: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(LogLevel.Error, "The cluster's Redis has forgotten this silo, most likely because it came back empty: the silo ends and must be "
        + "started again; run Redis with --appendonly yes")]
    private partial void LogLost();
}
