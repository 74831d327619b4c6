using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Hosting.Clustering;

/// <summary>What can be wrong with the Redis of a cluster is said in a sentence when the silo starts.</summary>
public sealed class RedisConnectionTests
{
    [Fact]
    public async Task Nobody_there_is_said()
    {
        var address = new RedisAddress("127.0.0.1", TestSite.FreePort());
        Assert.Equal($"No Redis answers at {address} (Connection refused): start it, or check --cluster.", await Refusal(address, null));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("")]
    public async Task Another_program_is_said_to_be_none(string answer)
    {
        var (listener, address) = TestRedis.Impostor(answer);
        using (listener)
        {
            Assert.Equal($"What answers at {address} is no Redis: check the host and the port in --cluster.", await Refusal(address, null));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task A_password_that_is_missing_or_wrong_is_said(string? password)
    {
        await using var redis = await TestRedis.Start("right");
        Assert.Equal(
            $"The Redis at {redis.Address} does not take this password: set ORLEANSEDGE_CLUSTER_PASSWORD to the right one.",
            await Refusal(redis.Address, password));
    }

    [Fact]
    public async Task The_right_password_connects()
    {
        await using var redis = await TestRedis.Start("right");
        await using var connection = await RedisConnection.Open(redis.Address, "right", TestContext.Current.CancellationToken);
        Assert.True(connection.IsConnected);
    }

    private static async Task<string> Refusal(RedisAddress address, string? password) => (await Assert.ThrowsAsync<MembershipException>(
        () => RedisConnection.Open(address, password, TestContext.Current.CancellationToken))).Message;
}
