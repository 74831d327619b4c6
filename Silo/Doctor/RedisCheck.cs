using System.Globalization;
using OrleansEdge.Participation.Doctor;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Web;
using StackExchange.Redis;

namespace OrleansEdge.Silo.Doctor;

/// <summary>Whether the cluster's Redis lets this silo in, keeps what it is told, and has the same time.</summary>
internal sealed class RedisCheck(RedisAddress address, string? password, TimeProvider time) : IDoctorCheck
{
    private const string Subject = "redis";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation)
    {
        try
        {
            await using var redis = await RedisConnection.Open(address, password, cancellation);
            var server = redis.GetServer(redis.GetEndPoints()[0]);
            return [JudgeClock(time.GetUtcNow() - new DateTimeOffset(await server.TimeAsync(), TimeSpan.Zero)), JudgeKeeping(await Persistence(redis))];
        }
        catch (MembershipException exception)
        {
            return [Finding.Problem(Subject, Sentence.Of(exception.Message))];
        }
        catch (Exception exception) when (exception is RedisException or RedisCommandException or TimeoutException)
        {
            return [Finding.Warning(Subject, $"It lets this silo in and does not answer all questions ({exception.Message.TrimEnd('.')}): look at its own log.")];
        }
    }

    /// <summary>Asked in Redis' own words: the library holds the question back from all but administrators.</summary>
    private static async Task<string?> Persistence(IConnectionMultiplexer redis) => (string?)await redis.GetDatabase().ExecuteAsync("INFO", "persistence");

    private Finding JudgeClock(TimeSpan difference)
    {
        var seconds = difference.Duration().TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return difference.Duration() <= ClusterClaim.LargestClockDifference
            ? Finding.Ok(Subject, $"{address} lets this silo in, and the clocks agree to {seconds} s.")
            : Finding.Problem(Subject,
                $"This machine's clock and that of {address} differ by {seconds} s, and silos of one site may differ by {ClusterClaim.LargestClockDifference.TotalSeconds:0} s at most: set both, for example with chrony or systemd-timesyncd.");
    }

    internal static Finding JudgeKeeping(string? information) => information?.Contains("aof_enabled:1", StringComparison.Ordinal) == true
        ? Finding.Ok(Subject, "It writes down what it is told.")
        : Finding.Warning(Subject, "It forgets the silos when it is started again, and then all of them start again, too: run it with --appendonly yes.");
}
