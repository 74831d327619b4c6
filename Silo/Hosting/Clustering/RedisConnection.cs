using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace OrleansEdge.Silo.Hosting.Clustering;

/// <summary>Connects to the Redis of a cluster, and says in a sentence why that cannot be done.</summary>
internal static class RedisConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The options of every connection to it.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="password">Null for none.</param>
    public static ConfigurationOptions Options(RedisAddress address, string? password) => new()
    {
        EndPoints = { { address.Host, address.Port } },
        Password = password,
        ClientName = SiteHost.ServiceId,
        ConnectTimeout = (int)Patience.TotalMilliseconds,
        AsyncTimeout = (int)Patience.TotalMilliseconds,
        AbortOnConnectFail = true,
    };

    /// <summary>Connects; afterwards the connection is made again by itself whenever it breaks.</summary>
    /// <exception cref="MembershipException">Nobody answers there, another program does, or the password is not right.</exception>
    public static async Task<IConnectionMultiplexer> Open(RedisAddress address, string? password, CancellationToken cancellation)
    {
        await RequireRedis(address, cancellation);
        try
        {
            var redis = await ConnectionMultiplexer.ConnectAsync(Options(address, password));
            await redis.GetDatabase().PingAsync();
            return redis;
        }
        catch (Exception exception) when (exception is RedisException or RedisTimeoutException)
        {
            throw new MembershipException(IsAboutPassword(exception)
                ? $"The Redis at {address} does not take this password: set {RedisAddress.PasswordVariable} to the right one."
                : $"The Redis at {address} cannot be used: {exception.Message}");
        }
    }

    /// <summary>Asks in Redis' own words: its libraries say only that they could not connect.</summary>
    private static async Task RequireRedis(RedisAddress address, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        string answer;
        try
        {
            answer = await Ping(address, limit.Token);
        }
        catch (SocketException exception)
        {
            throw new MembershipException($"No Redis answers at {address} ({exception.Message.TrimEnd('.')}): start it, or check --cluster.");
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw NoRedis(address);
        }

        if (!answer.StartsWith("+PONG", StringComparison.Ordinal) && !answer.StartsWith("-NOAUTH", StringComparison.Ordinal))
        {
            throw answer.StartsWith("-LOADING", StringComparison.Ordinal)
                ? new MembershipException($"The Redis at {address} is still loading its data: start the silo again in a moment.")
                : NoRedis(address);
        }
    }

    private static async Task<string> Ping(RedisAddress address, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellation);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync(cancellation) ?? "";
    }

    private static MembershipException NoRedis(RedisAddress address) =>
        new($"What answers at {address} is no Redis: check the host and the port in --cluster.");

    private static bool IsAboutPassword(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
                || current.Message.Contains("NOAUTH", StringComparison.Ordinal) || current.Message.Contains("WRONGPASS", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
