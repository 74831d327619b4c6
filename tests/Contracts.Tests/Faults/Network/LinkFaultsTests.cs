using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Faults.Network;

namespace OrleansEdge.Contracts.Tests.Faults.Network;

public sealed class LinkFaultsTests
{
    private readonly FakeTimeProvider time = new();
    private readonly Pipe toFar = new();
    private readonly Pipe toNear = new();
    private readonly TaskCompletionSource<IDuplexPipe> near = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_arrive_as_they_were_and_in_their_order()
    {
        var running = Run("delay:1ms~1ms", out _);
        var output = (await near.Task).Output;
        var sent = new byte[500_000];
        new Random(1).NextBytes(sent);

        var receiving = Receive(toFar.Reader, sent.Length);
        await output.WriteAsync(sent, Limit);

        Assert.Equal(sent, await receiving);
        ended.SetResult();
        await running;
        Assert.True((await toFar.Reader.ReadAsync(Limit)).IsCompleted);
    }

    [Fact]
    public async Task What_is_late_comes_when_its_time_has_come()
    {
        var running = Run("delay:200ms", out _);
        await (await near.Task).Output.WriteAsync(new byte[10], Limit);
        var reading = toFar.Reader.ReadAsync(Limit).AsTask();

        time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.False(reading.IsCompleted);
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.Equal(10, (await reading).Buffer.Length);
        toFar.Reader.AdvanceTo((await reading).Buffer.End);
        ended.SetResult();
        await running;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_that_is_dropped_breaks_its_connection(bool isIncoming)
    {
        var running = Run("drop:1", out var context);
        var output = isIncoming ? toNear.Writer : (await near.Task).Output;
        var message = new byte[14];
        BinaryPrimitives.WriteInt32LittleEndian(message, 10);

        await output.WriteAsync(message.AsMemory(0, 13), Limit);
        Assert.False(context.IsAborted);
        await output.WriteAsync(message.AsMemory(13), Limit);
        await context.Aborted.WaitAsync(Limit);
        ended.SetResult();
        await running;
    }

    [Fact]
    public async Task An_end_at_the_far_side_is_seen()
    {
        var running = Run("delay:1ms", out _);
        await toNear.Writer.CompleteAsync();

        Assert.True((await (await near.Task).Input.ReadAsync(Limit)).IsCompleted);
        ended.SetResult();
        await running;
    }

    [Fact]
    public async Task A_cut_breaks_what_is_there_and_refuses_what_comes_until_it_is_over()
    {
        var cut = new NetworkCut(time);
        var context = new TestConnection(new Ends(toNear.Reader, toFar.Writer));
        var running = cut.OnConnectionAsync(context, _ => ended.Task);

        cut.Begin(TimeSpan.FromSeconds(30));

        Assert.True(context.IsAborted && cut.IsOn);
        ended.SetResult();
        await running;
        var refused = new TestConnection(new Ends(toNear.Reader, toFar.Writer));
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => cut.OnConnectionAsync(refused, _ => Task.CompletedTask));
        Assert.True(refused.IsAborted);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(cut.IsOn);
        await cut.OnConnectionAsync(new TestConnection(new Ends(toNear.Reader, toFar.Writer)), _ => Task.CompletedTask);
    }

    private Task Run(string faults, out TestConnection context)
    {
        context = new TestConnection(new Ends(toNear.Reader, toFar.Writer));
        var advancing = faults.Contains("delay:1ms", StringComparison.Ordinal);
        var links = new LinkFaults(NetworkFaults.Parse(faults), advancing ? TimeProvider.System : time);
        return links.OnConnectionAsync(context, connection =>
        {
            near.SetResult(connection.Transport);
            return ended.Task;
        });
    }

    private static async Task<byte[]> Receive(PipeReader reader, int length)
    {
        var result = await reader.ReadAtLeastAsync(length, Limit);
        var bytes = result.Buffer.ToArray();
        reader.AdvanceTo(result.Buffer.End);
        return bytes;
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class TestConnection : DefaultConnectionContext
    {
        private readonly TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TestConnection(IDuplexPipe transport)
        {
            Transport = transport;
        }

        public bool IsAborted => aborted.Task.IsCompleted;

        public Task Aborted => aborted.Task;

        public override void Abort(ConnectionAbortedException abortReason) => aborted.TrySetResult();
    }
}
