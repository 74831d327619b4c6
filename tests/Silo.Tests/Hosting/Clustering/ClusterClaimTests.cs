using System.Net;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Hosting.Storage;
using StackExchange.Redis;

namespace OrleansEdge.Silo.Tests.Hosting.Clustering;

/// <summary>What silos of one cluster must have in common, and what becomes of them when their Redis forgets them.</summary>
public sealed class ClusterClaimTests : IAsyncLifetime
{
    private TestRedis _redis = null!;
    private IConnectionMultiplexer _connection = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await TestRedis.Start();
        _connection = await RedisConnection.Open(_redis.Address, null, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Two_sites_of_the_same_name_on_different_stores_are_told_apart()
    {
        await Claim("harbour", "https://one/models").Take();
        await Claim("harbour", "https://private.one/models").Take();
        await Claim("lake", "https://two/models", id: 2).Take();

        var refused = await Assert.ThrowsAsync<MembershipException>(Claim("harbour", "https://two/models", id: 2).Take);
        Assert.Equal(
            $"The silos of 'harbour' at {_redis.Address} work on the store https://one/models, and this one was given https://two/models: " +
            "give it the same --store, or another --name if it is another site.",
            refused.Message);
    }

    [Theory]
    [InlineData(-180)]
    [InlineData(180)]
    public async Task A_clock_that_is_minutes_off_is_said(int seconds)
    {
        var refused = await Assert.ThrowsAsync<MembershipException>(
            Claim("harbour", "store", new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddSeconds(seconds))).Take);
        Assert.Matches(@"^The clock of this machine and that of the Redis at redis://127\.0\.0\.1:\d+ differ by 1(79|80|81) s, .*: set both", refused.Message);
    }

    [Fact]
    public async Task A_silo_that_a_Redis_has_forgotten_ends_and_asks_to_be_started_again()
    {
        var silo = new FakeSilo();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var exit = new SiteExit(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), time);
        using var guard = new MembershipGuard(
            _connection, Claim("harbour", "store", time), silo, exit, time, NullLogger<MembershipGuard>.Instance);
        var members = SiteClustering.MembersKey(silo.ClusterId);
        await _connection.GetDatabase().HashSetAsync(members, silo.SiloAddress.ToString(), "its entry");
        await guard.StartAsync(TestContext.Current.CancellationToken);
        await Tick(guard, time, 5);
        Assert.Equal(0, exit.ExitCode);

        await _connection.GetDatabase().KeyDeleteAsync(members);
        await Tick(guard, time, 200);
        Assert.Equal(SiloExitCodes.StartAgain, exit.ExitCode);
    }

    [Fact]
    public async Task A_Redis_that_comes_back_empty_is_told_again_which_cluster_it_has()
    {
        var site = SiteName.Parse("harbour");
        var cluster = await ClusterClaim.IdentifyCluster(_connection, _redis.Address, site);
        await _connection.GetDatabase().ExecuteAsync("FLUSHALL");

        await Claim("harbour", "store", cluster: cluster).Renew();

        Assert.Equal(cluster, await ClusterClaim.IdentifyCluster(_connection, _redis.Address, site));
    }

    /// <summary>Lets time pass until the guard ends, or as often as it is said.</summary>
    private async Task Tick(MembershipGuard guard, FakeTimeProvider time, int periods)
    {
        for (var period = 0; period < periods && !guard.ExecuteTask!.IsCompleted; period++)
        {
            time.Advance(ClusterClaim.RenewalPeriod);
            await _connection.GetDatabase().PingAsync();
        }
    }

    private ClusterClaim Claim(string site, string store, TimeProvider? time = null, int id = 1, ClusterIdentity? cluster = null) =>
        new(
        _connection, _redis.Address, SiteName.Parse(site), new(new Guid(id, 0, 0, new byte[8]), store), cluster, time ?? TimeProvider.System);

    private sealed class FakeSilo : ILocalSiloDetails
    {
        public string Name => "silo";

        public string ClusterId => "harbour";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 7);

        public SiloAddress GatewayAddress { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 30000), 7);
    }
}
