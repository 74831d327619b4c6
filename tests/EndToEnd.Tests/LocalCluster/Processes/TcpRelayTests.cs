using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.LocalCluster.Processes;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Processes;

public sealed class TcpRelayTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new();
    private readonly TcpListener service = new(IPAddress.Loopback, 0);
    private TcpRelay relay = null!;

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        service.Start();
        relay = TcpRelay.Start(((IPEndPoint)service.LocalEndpoint).Port, time);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await relay.DisposeAsync();
        service.Dispose();
    }

    [Fact]
    public async Task Bytes_pass_both_ways()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, relay.Port, Limit);
        using var server = await service.AcceptTcpClientAsync(Limit);

        await client.GetStream().WriteAsync(new byte[] { 1 }, Limit);
        Assert.Equal(1, await Read(server));
        await server.GetStream().WriteAsync(new byte[] { 2 }, Limit);
        Assert.Equal(2, await Read(client));
    }

    [Fact]
    public async Task A_cut_breaks_connections_and_lets_none_pass_until_it_is_over()
    {
        using var before = new TcpClient();
        await before.ConnectAsync(IPAddress.Loopback, relay.Port, Limit);
        using var server = await service.AcceptTcpClientAsync(Limit);

        relay.Cut(TimeSpan.FromSeconds(30));

        Assert.Null(await Read(before));
        Assert.Null(await Read(server));
        using var during = new TcpClient();
        await during.ConnectAsync(IPAddress.Loopback, relay.Port, Limit);
        Assert.Null(await Read(during));
        time.Advance(TimeSpan.FromSeconds(30));
        using var after = new TcpClient();
        await after.ConnectAsync(IPAddress.Loopback, relay.Port, Limit);
        using var again = await service.AcceptTcpClientAsync(Limit);
        await again.GetStream().WriteAsync(new byte[] { 3 }, Limit);
        Assert.Equal(3, await Read(after));
    }

    private static async Task<int?> Read(TcpClient client)
    {
        var buffer = new byte[1];
        try
        {
            return await client.GetStream().ReadAsync(buffer, Limit) == 1 ? buffer[0] : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
