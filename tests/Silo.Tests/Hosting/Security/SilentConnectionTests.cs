using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>Connections to a secured port that do not say who they are.</summary>
public sealed class SilentConnectionTests : IAsyncDisposable
{
    private readonly TlsSite _tls = new();

    public ValueTask DisposeAsync() => _tls.DisposeAsync();

    [Fact]
    public async Task Client_that_never_finishes_its_handshake_is_let_go()
    {
        using var socket = await _tls.Port.Connect();

        // The beginning of a record of a handshake that promises more.
        await socket.SendAsync(new byte[] { 0x16, 0x03, 0x01, 0x10, 0x00, 0x01 }, TestContext.Current.CancellationToken);
        var refusal = _tls.Gate.NextRefusal();
        while (!refusal.IsCompleted)
        {
            // The port may not have begun to wait.
            _tls.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Contains("did not say who it is within 10 seconds", await refusal, StringComparison.Ordinal);
        await TlsSite.Closed(socket);
    }

    [Fact]
    public async Task Connections_that_say_nothing_keep_only_their_own_address_waiting()
    {
        await using var port = new TestPort(new TlsServer(() => _tls.Certificates.Credentials, _tls.Gate, _tls.Time, mostHandshakes: 16));
        var silent = new List<Socket>();
        try
        {
            for (var number = 0; number < 20; number++)
            {
                silent.Add(await port.Connect());
            }

            // Connections are accepted one after the other, so that those are there when another is served.
            await port.Connect(_tls.Client(_tls.Credentials(_tls.Device("dev7"))), async connection => Assert.Equal([7], await TlsSite.Echo(connection, [7])), IPAddress.Parse("127.0.0.2"));
            Assert.Equal(1, port.Admitted);
            Assert.Empty(_tls.Gate.Refusals);

            var neighbour = port.Connect(_tls.Client(_tls.Credentials(_tls.Device("dev8"))), async connection => Assert.Equal([8], await TlsSite.Echo(connection, [8])));
            Assert.False(neighbour.IsCompleted);
            silent.ForEach(socket => socket.Dispose());
            await neighbour;
            Assert.Equal(2, port.Admitted);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Silent_connections_of_addresses_that_one_host_can_have_wait_for_each_other_and_turn_nobody_away()
    {
        var server = new TlsServer(() => _tls.Certificates.Credentials, _tls.Gate, _tls.Time, mostHandshakes: 8);
        var silent = Enumerable.Range(1, 40).Select(number => new SilentConnection(IPAddress.Parse($"2001:db8:1:2::{number:x}"))).ToList();
        var served = silent.ConvertAll(connection => server.OnConnectionAsync(connection, _ => Task.CompletedTask));
        Assert.Empty(_tls.Gate.Refusals);

        silent.ForEach(connection => connection.Abort());
        await Task.WhenAll(served);
    }

    [Fact]
    public async Task Connections_beyond_all_that_may_be_silent_are_turned_away_and_told_why()
    {
        await using var port = new TestPort(new TlsServer(() => _tls.Certificates.Credentials, _tls.Gate, _tls.Time, mostHandshakes: 8));
        var silent = new List<Socket>();
        try
        {
            for (var number = 1; number <= 9; number++)
            {
                silent.Add(await port.Connect(IPAddress.Parse($"127.0.0.{number}")));
            }
        }
        catch (SocketException) when (silent.Count == 8)
        {
            // Closed before it was open on this side.
        }

        try
        {
            Assert.Equal("too many connections have not said yet who they are: 8 in all, or 1 from its address", await _tls.Gate.NextRefusal());
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>A connection on which nothing ever comes.</summary>
    private sealed class SilentConnection : DefaultConnectionContext
    {
        private readonly CancellationTokenSource _closed = new();

        public SilentConnection(IPAddress from)
        {
            var pipe = new Pipe();
            Transport = new Duplex(pipe.Reader, new Pipe().Writer);
            RemoteEndPoint = new IPEndPoint(from, 4711);
            ConnectionClosed = _closed.Token;
        }

        public override void Abort(ConnectionAbortedException abortReason) => _closed.Cancel();

        private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
    }
}
