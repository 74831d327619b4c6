using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Silo.Tests.Identity.Gateway;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>What becomes of that which is written to a secured connection.</summary>
public sealed class TlsPipeTests : IAsyncDisposable
{
    /// <summary>The wire takes what is not read until 64 KiB are there.</summary>
    private const int MoreThanTheWireTakes = 128 * 1024;
    private const int Small = 100;
    private const int Flushes = 1000;

    private readonly TlsSite _tls = new();
    private readonly List<byte> _wire = [];
    private readonly TaskCompletionSource<ConnectionContext> _server = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _serverEnds = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly End _client;
    private readonly Task _serving;

    public TlsPipeTests()
    {
        var (there, back) = (new Pipe(), new Pipe());
        _client = new(new Duplex(back.Reader, there.Writer));
        _serving = Serve(new End(new RecordedPipe(new Duplex(there.Reader, back.Writer), _wire)));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _serverEnds.TrySetResult();
        _client.Abort(new ConnectionAbortedException());
        await _serving;
        await _tls.DisposeAsync();
    }

    [Fact]
    public async Task What_is_flushed_while_the_wire_is_busy_goes_out_together_and_in_order()
    {
        await Connect(async connection =>
        {
            var output = connection.Transport.Output;
            await output.WriteAsync(new byte[MoreThanTheWireTakes], Cancellation);
            for (var number = 0; number < Flushes; number++)
            {
                output.GetSpan(Small)[..Small].Fill((byte)number);
                output.Advance(Small);
                Assert.True(output.FlushAsync(Cancellation).AsTask().IsCompletedSuccessfully, "nobody waits for a little that is written");
            }

            var server = await _server.Task;
            var read = await server.Transport.Input.ReadAtLeastAsync(MoreThanTheWireTakes + (Flushes * Small), Cancellation);
            var bytes = read.Buffer.Slice(MoreThanTheWireTakes).ToArray();
            server.Transport.Input.AdvanceTo(read.Buffer.End);
            Assert.Equal(Enumerable.Range(0, Flushes).SelectMany(number => Enumerable.Repeat((byte)number, Small)), bytes);
        });

        Assert.InRange(Records(), 1, Flushes / 10);
    }

    [Fact]
    public async Task Whoever_writes_more_than_is_read_waits_until_the_connection_is_closed()
    {
        await Connect(async connection =>
        {
            var flush = await WriteTooMuch(connection.Transport.Output);
            Assert.False(flush.IsCompleted);
            _client.Abort(new ConnectionAbortedException());
            Assert.True((await flush).IsCompleted);
        });
    }

    [Fact]
    public async Task What_waits_to_be_sent_does_not_hold_a_connection_that_has_failed()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Connect(async connection =>
        {
            _ = await WriteTooMuch(connection.Transport.Output);
            throw new InvalidDataException("What came made no sense.");
        }));
    }

    /// <summary>More than all that lies between the two ends takes; the other has read the beginning, and reads no more.</summary>
    private async Task<Task<FlushResult>> WriteTooMuch(PipeWriter output)
    {
        var flush = output.WriteAsync(new byte[1024 * 1024], Cancellation).AsTask();
        await (await _server.Task).Transport.Input.ReadAsync(Cancellation);
        return flush;
    }

    private Task Connect(Func<ConnectionContext, Task> use) =>
        _tls.Client(_tls.Credentials(_tls.Device("dev7"))).OnConnectionAsync(_client, connection => use(connection));

    private Task Serve(End end) => new TlsServer(() => _tls.Certificates.Credentials, _tls.Gate, _tls.Time).OnConnectionAsync(end, async connection =>
    {
        _server.SetResult(connection);
        await _serverEnds.Task;
    });

    private int Records()
    {
        var count = 0;
        lock (_wire)
        {
            var bytes = _wire.ToArray().AsSpan();
            for (; bytes.Length >= 5; count++)
            {
                bytes = bytes[Math.Min(bytes.Length, 5 + BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]))..];
            }
        }

        return count;
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class End : DefaultConnectionContext
    {
        private readonly CancellationTokenSource _closed = new();
        private readonly IDuplexPipe _transport;

        public End(IDuplexPipe transport)
        {
            Transport = _transport = transport;
            RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 4711);
            ConnectionClosed = _closed.Token;
        }

        public override void Abort(ConnectionAbortedException abortReason)
        {
            _closed.Cancel();
            _transport.Output.Complete();
            _transport.Input.Complete();
        }
    }
}
