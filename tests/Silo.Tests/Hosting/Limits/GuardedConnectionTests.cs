using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization.WireProtocol;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Silo.Hosting.Limits;

namespace OrleansEdge.Silo.Tests.Hosting.Limits;

/// <summary>Bytes as a peer sends them, against the guard, with a clock that the test moves.</summary>
public sealed class GuardedConnectionTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly GatewayLimitOptions _options = new() { MessagesPerSecond = 10 };

    /// <summary>Takes whatever is sent, read or not.</summary>
    private readonly Pipe _wire = new(new PipeOptions(pauseWriterThreshold: 0));

    private readonly DefaultConnectionContext _context = new();
    private readonly Refusals _refusals;
    private readonly GuardedConnection _guard;
    private readonly GuardedReader _reader;

    public GuardedConnectionTests()
    {
        _refusals = new(_options, _time, NullLogger<Refusals>.Instance);
        _guard = new(_context, "10.0.0.7", new(_options.MessagesPerSecond, 5, _time), new(0, 5, _time), _options, _refusals, _time);
        _reader = new(_wire.Reader, _guard);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private bool IsClosed => _context.ConnectionClosed.IsCancellationRequested;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _wire.Writer.CompleteAsync();
        await _context.DisposeAsync();
    }

    [Fact]
    public async Task What_a_client_sends_passes_as_it_is()
    {
        byte[] sent = [.. Introduction, .. Message(30, 1000), .. Message(5, 0)];
        await Send(sent);
        var read = await _reader.ReadAsync(Cancellation);
        Assert.Equal(sent, read.Buffer.ToArray());
        _reader.AdvanceTo(read.Buffer.End);
        _time.Advance(TimeSpan.FromHours(1));
        _guard.Check();
        Assert.False(IsClosed);
        Assert.Equal(0, _refusals.Count);
    }

    [Theory]
    [InlineData((8 << 10) + 1, 0)]
    [InlineData(10, MessageLimits.MaximumBodySize + 1)]
    [InlineData(-1, 5)]
    [InlineData(10, int.MinValue)]
    [InlineData(0, 10)]
    public async Task A_message_of_an_impossible_length_closes_the_connection_before_it_is_read(int header, int body)
    {
        await Introduce();
        await Send([.. Lengths(header, body), 1, 2, 3]);
        var read = await _reader.ReadAsync(Cancellation);
        Assert.True(read.IsCompleted);
        Assert.True(read.Buffer.IsEmpty);
        Assert.True(await Closed());
        Assert.Equal(1, _refusals.Count);

        // However often it is asked, nothing more comes.
        Assert.True((await _reader.ReadAsync(Cancellation)).IsCompleted);
    }

    public static TheoryData<string> Malformed => [.. MalformedBodies.Keys];

    private static Dictionary<string, byte[]> MalformedBodies => new()
    {
        ["deep nesting"] = [.. Enumerable.Repeat((byte)WireType.TagDelimited, 100_000)],
        ["deep nesting that is whole"] = [.. Enumerable.Repeat((byte)WireType.TagDelimited, 100_000), .. Enumerable.Repeat((byte)WireType.Extended, 100_000)],
        ["a type without end"] = [(byte)WireType.TagDelimited | (byte)SchemaType.Encoded, 1, 0, 0, 0, 0, .. VarUInt(100_000), .. Enumerable.Repeat((byte)'[', 100_000), (byte)WireType.Extended],
        ["a type of types"] = [(byte)WireType.TagDelimited | (byte)SchemaType.Encoded, 1, 0, 0, 0, 0, .. VarUInt(1000), .. Enumerable.Repeat((byte)'[', 1000), (byte)WireType.Extended],
        ["a length beyond the message"] = [(byte)WireType.LengthPrefixed, .. VarUInt(1000), 0],
        ["an object that does not end"] = [(byte)WireType.TagDelimited, 0],
        ["an end of nothing"] = [(byte)WireType.Extended],
        ["more than an object"] = [(byte)WireType.VarInt, 1, (byte)WireType.VarInt, 1],
        ["no such type"] = [5 << 5],
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_message_closes_the_connection_before_it_is_read_for(string fault)
    {
        await Introduce();
        var body = MalformedBodies[fault];
        await Send([.. Lengths(1, body.Length), 0, .. body]);
        Assert.True((await _reader.ReadAsync(Cancellation)).Buffer.IsEmpty);
        Assert.True(await Closed());
        Assert.Equal(1, _refusals.Count);
    }

    [Fact]
    public async Task Silence_instead_of_an_introduction_closes_the_connection_at_its_time()
    {
        _time.Advance(_options.HandshakeTimeout);
        _guard.Check();
        Assert.False(IsClosed);
        _time.Advance(TimeSpan.FromSeconds(1));
        _guard.Check();
        Assert.True(await Closed());
    }

    [Fact]
    public async Task Half_an_introduction_is_silence_too()
    {
        await Send(Introduction[..^1]);
        var read = await _reader.ReadAsync(Cancellation);
        _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        _time.Advance(_options.HandshakeTimeout + TimeSpan.FromSeconds(1));
        _guard.Check();
        Assert.True(await Closed());
    }

    [Fact]
    public async Task A_message_that_trickles_and_does_not_end_closes_the_connection_at_its_time()
    {
        await Introduce();
        await Send(Message(10, 1000)[..20]);
        for (var second = 0; second <= _options.MessageTimeout.TotalSeconds; second++)
        {
            Assert.False(IsClosed);
            await Send([0]);
            var read = await _reader.ReadAsync(Cancellation);
            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            _time.Advance(TimeSpan.FromSeconds(1));
            _guard.Check();
        }

        Assert.True(await Closed());
        Assert.Equal(1, _refusals.Count);
    }

    [Fact]
    public async Task More_messages_than_allowed_are_read_only_when_it_is_their_turn()
    {
        await Introduce();
        await Send([.. Enumerable.Repeat(Message(1, 0), 59).SelectMany(message => message)]);
        var read = await _reader.ReadAsync(Cancellation);
        _reader.AdvanceTo(read.Buffer.End);
        await Send(Message(1, 0));

        // 60 with the introduction, of which 50 were free: a second's worth is due.
        var next = _reader.ReadAsync(Cancellation);
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(9, (await next).Buffer.Length);
        Assert.False(IsClosed);
        Assert.Equal(1, _refusals.Count);
    }

    private static byte[] Introduction => [4, 0, 0, 0, 1, 2, 3, 4];

    /// <summary>A body is one object: here a number, or bytes.</summary>
    private static byte[] Message(int header, int body) => [.. Lengths(header, body), .. new byte[header], .. Body(body)];

    private static byte[] Body(int length) => length == 0 ? [] : [(byte)WireType.LengthPrefixed, .. VarUInt((uint)length - 5), .. new byte[length - 5]];

    /// <summary>As Orleans writes it, in four bytes.</summary>
    private static byte[] VarUInt(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (value << 4) | 0b1000);
        return bytes;
    }

    private static byte[] Lengths(int header, int body)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, header);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), body);
        return bytes;
    }

    private async Task Introduce()
    {
        await Send(Introduction);
        var read = await _reader.ReadAsync(Cancellation);
        _reader.AdvanceTo(read.Buffer.End);
    }

    private async Task Send(byte[] bytes) => await _wire.Writer.WriteAsync(bytes, Cancellation);

    /// <summary>An abort is told on another thread.</summary>
    private async Task<bool> Closed()
    {
        var closed = new TaskCompletionSource();
        await using var registration = _context.ConnectionClosed.Register(closed.SetResult);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        return IsClosed;
    }
}
