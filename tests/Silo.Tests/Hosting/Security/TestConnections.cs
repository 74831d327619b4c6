using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime.Messaging;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>A port on loopback that runs each connection through a middleware, as a silo's gateway does, and then returns what it is sent.</summary>
internal sealed class TestPort : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SocketConnectionContextFactory _factory = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    public TestPort(IConnectionMiddleware middleware)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = Accept(middleware);
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>How many connections came through.</summary>
    public int Admitted { get; private set; }

    /// <summary>Connects without saying anything.</summary>
    /// <param name="from">The address that the port sees; null for the usual one.</param>
    public async Task<Socket> Connect(IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
        await socket.ConnectAsync(Address, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Connects through a middleware.</summary>
    public async Task Connect(IConnectionMiddleware middleware, ConnectionDelegate use, IPAddress? from = null)
    {
        await using var connection = _factory.Create(await Connect(from));
        await middleware.OnConnectionAsync(connection, use);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _factory.Dispose();
    }

    private async Task Accept(IConnectionMiddleware middleware)
    {
        while (true)
        {
            var connection = _factory.Create(await _listener.AcceptAsync());
            _connections.Add(Serve(connection, middleware));
        }
    }

    private async Task Serve(ConnectionContext connection, IConnectionMiddleware middleware)
    {
        await using (connection)
        {
            await middleware.OnConnectionAsync(connection, async secured =>
            {
                Admitted++;
                while (await secured.Transport.Input.ReadAsync() is var read && !read.IsCompleted)
                {
                    foreach (var part in read.Buffer)
                    {
                        await secured.Transport.Output.WriteAsync(part);
                    }

                    secured.Transport.Input.AdvanceTo(read.Buffer.End);
                }
            });
        }
    }
}
