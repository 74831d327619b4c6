using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Silo.Hosting.Storage;
using StackExchange.Redis;

namespace OrleansEdge.Silo.Hosting.Clustering;

/// <summary>
/// What the silos of a cluster must have in common before they may join: the store, and the time of day. Two sites of the same name that were
/// given the same Redis would otherwise become one cluster that works on two stores.
/// </summary>
/// <param name="redis">The cluster's Redis.</param>
/// <param name="address">Where it is, for messages.</param>
/// <param name="site">The site's name.</param>
/// <param name="store">Its store.</param>
/// <param name="cluster">Which of the site's clusters this is; null where only one can reach the store.</param>
/// <param name="time">This machine's clock.</param>
internal sealed class ClusterClaim(
    IConnectionMultiplexer redis, RedisAddress address, SiteName site, ClaimedStore store, ClusterIdentity? cluster, TimeProvider time)
{
    /// <summary>How often a silo says that the cluster lives.</summary>
    public static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(3);

    /// <summary>How long after its last silo a cluster still counts as living.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Silos compare their own clocks with times that others have written, and take a silo whose time is nine seconds old for gone: see
    /// <see cref="SiteClustering"/>.
    /// </summary>
    public static readonly TimeSpan LargestClockDifference = TimeSpan.FromSeconds(4);

    private readonly RedisKey _key = $"{SiteHost.ServiceId}/store/{site}";

    /// <summary>A site's only silo: on this machine, with this port.</summary>
    public static ClusterIdentity IdentifySilo(SiteOptions options)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{options.SiloPort}");
        return new(place, place);
    }

    /// <summary>All silos that have this Redis: its first silo draws a number.</summary>
    public static async Task<ClusterIdentity> IdentifyCluster(IConnectionMultiplexer redis, RedisAddress address, SiteName site)
    {
        var database = redis.GetDatabase();
        var key = IdentityKey(site);
        await database.StringSetAsync(key, Guid.NewGuid().ToString(), when: When.NotExists);
        return new((await database.StringGetAsync(key)).ToString(), $"{address} (as {Environment.MachineName} knows it)");
    }

    /// <summary>Refuses what must not join.</summary>
    /// <exception cref="MembershipException">The clocks differ, or the cluster of this name works on another store.</exception>
    public async Task Take()
    {
        await CompareClocks();
        var database = redis.GetDatabase();
        if (!await database.StringSetAsync(_key, store.ToString(), Lifetime, When.NotExists)
            && await database.StringGetAsync(_key) is { HasValue: true } value && ClaimedStore.Parse(value!) is var other && other.Id != store.Id)
        {
            throw new MembershipException(
                $"The silos of '{site}' at {address} work on the store {other.Place}, and this one was given {store.Place}: " +
                "give it the same --store, or another --name if it is another site.");
        }

        await database.KeyExpireAsync(_key, Lifetime);
    }

    /// <summary>
    /// Says again that the cluster lives, and which it is: where a Redis has come back empty, silos that are started again are the same cluster, which
    /// has the store.
    /// </summary>
    public async Task Renew()
    {
        var database = redis.GetDatabase();
        await database.StringSetAsync(_key, store.ToString(), Lifetime);
        if (cluster is not null)
        {
            await database.StringSetAsync(IdentityKey(site), cluster.Id, when: When.NotExists);
        }
    }

    private static RedisKey IdentityKey(SiteName site) => $"{SiteHost.ServiceId}/cluster/{site}";

    private async Task CompareClocks()
    {
        var theirs = await redis.GetServer(redis.GetEndPoints()[0]).TimeAsync();
        var difference = (time.GetUtcNow() - new DateTimeOffset(theirs, TimeSpan.Zero)).Duration();
        if (difference > LargestClockDifference)
        {
            throw new MembershipException(string.Create(CultureInfo.InvariantCulture,
                $"The clock of this machine and that of the Redis at {address} differ by {difference.TotalSeconds:0} s, and silos of one site may differ by " +
                $"{LargestClockDifference.TotalSeconds:0} s at most: set both, for example with chrony or systemd-timesyncd."));
        }
    }
}

/// <summary>The store of a cluster. Its silos may reach it by different addresses.</summary>
/// <param name="Id">What tells it from others.</param>
/// <param name="Place">Where it is, as the first silo says.</param>
internal sealed record ClaimedStore(Guid Id, string Place)
{
    /// <summary>Reads what <see cref="ToString"/> writes; something else is a store that is no silo's.</summary>
    public static ClaimedStore Parse(string text)
    {
        var parts = text.Split(' ', 2);
        return new(Guid.TryParse(parts[0], out var id) ? id : Guid.Empty, parts[^1]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Id} {Place}";
}
