using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Limits;

namespace OrleansEdge.Silo.Tests.Hosting;

/// <summary>What the HTTP port does about requests that do not end, or come by the thousand, from somebody who has not said who it is.</summary>
public sealed class HttpLimitsTests : IAsyncLifetime
{
    private const int Connections = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly byte[] Block = new byte[64 << 10];
    private WebApplication _site = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _site = await Start(new() { Connections = Connections });

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Body_that_is_said_to_be_too_long_is_refused_before_it_is_read()
    {
        Assert.StartsWith("HTTP/1.1 413", await Ask("POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 2000000\r\n\r\n"));
    }

    [Fact]
    public async Task Body_without_an_end_is_refused_when_it_is_too_long()
    {
        using var socket = await Connect();
        await Send(socket, "POST / HTTP/1.1\r\nHost: site\r\nTransfer-Encoding: chunked\r\n\r\n");
        var answer = Answer(socket);
        try
        {
            while (!answer.IsCompleted)
            {
                await Send(socket, $"{Block.Length:x}\r\n");
                await socket.SendAsync(Block, Cancellation);
                await Send(socket, "\r\n");
            }
        }
        catch (SocketException)
        {
            // It does not listen any more.
        }

        Assert.StartsWith("HTTP/1.1 413", await answer);
    }

    [Fact]
    public async Task Headers_that_are_too_long_are_refused()
    {
        Assert.StartsWith("HTTP/1.1 431", await Ask($"POST / HTTP/1.1\r\nHost: site\r\nX-Long: {new string('a', 20_000)}\r\n\r\n"));
    }

    [Fact]
    public async Task Headers_that_do_not_end_are_not_waited_for()
    {
        Assert.StartsWith("HTTP/1.1 408", await Ask("POST / HTTP/1.1\r\nHost: site\r\n"));
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_the_others_are_served()
    {
        var sockets = new List<Socket>();
        try
        {
            for (var number = 0; number < Connections; number++)
            {
                sockets.Add(await Connect());
                await Send(sockets[^1], "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 1\r\n\r\n");
            }

            using var tooMany = await Connect();
            Assert.Equal("", await Answer(tooMany));
            await Send(sockets[0], "x");
            Assert.StartsWith("HTTP/1.1 200", await Answer(sockets[0]));
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task One_address_cannot_take_all_connections()
    {
        await using var site = await Start(new() { Connections = 100, ConnectionsPerAddress = 2 });
        using var first = await Connect(site);
        using var second = await Connect(site);
        await Send(first, "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 1\r\n\r\n");
        using var tooMany = await Connect(site);
        Assert.Equal("", await Answer(tooMany));

        using var neighbour = await Connect(site, IPAddress.Parse("127.0.0.2"));
        await Send(neighbour, "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await Answer(neighbour));
        await Send(first, "x");
        Assert.StartsWith("HTTP/1.1 200", await Answer(first));
    }

    private static async Task<WebApplication> Start(GatewayLimitOptions limits)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            [new($"{GatewayLimitOptions.Section}:Connections", limits.Connections.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new PortLimits(limits, new(limits, TimeProvider.System, NullLogger<Refusals>.Instance), TimeProvider.System));
        builder.LimitHttp();
        var site = builder.Build();
        site.MapPost("/", async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            return Results.Ok();
        });
        await site.StartAsync(Cancellation);
        return site;
    }

    private static Task<int> Send(Socket socket, string text) => socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancellation).AsTask();

    /// <summary>What comes first; nothing where the connection is closed.</summary>
    private static async Task<string> Answer(Socket socket)
    {
        var buffer = new byte[1024];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Cancellation).AsTask().WaitAsync(Patience, Cancellation));
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private async Task<string> Ask(string request)
    {
        using var socket = await Connect();
        await Send(socket, request);
        return await Answer(socket);
    }

    private Task<Socket> Connect() => Connect(_site);

    private static async Task<Socket> Connect(WebApplication site, IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(site.Urls.Single()).Port, Cancellation);
        return socket;
    }
}
