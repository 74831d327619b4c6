using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;

namespace OrleansEdge.Silo.Tests.Hosting.Limits;

/// <summary>Keeps what a client sends on its first connection: its introduction, then messages.</summary>
internal sealed class Recording : IConnectionMiddleware
{
    private readonly List<byte> _sent = [];
    private readonly Lock _lock = new();
    private int _connections;

    /// <summary>What was sent so far.</summary>
    public byte[] Sent
    {
        get
        {
            lock (_lock)
            {
                return [.. _sent];
            }
        }
    }

    /// <summary>The introduction.</summary>
    public static byte[] IntroductionOf(byte[] sent) => sent[..(4 + BinaryPrimitives.ReadInt32LittleEndian(sent))];

    /// <summary>The messages that are whole.</summary>
    public static IReadOnlyList<byte[]> MessagesOf(byte[] sent)
    {
        var messages = new List<byte[]>();
        for (var at = IntroductionOf(sent).Length; at + 8 <= sent.Length;)
        {
            var length = 8 + BinaryPrimitives.ReadInt32LittleEndian(sent.AsSpan(at)) + BinaryPrimitives.ReadInt32LittleEndian(sent.AsSpan(at + 4));
            if (at + length <= sent.Length)
            {
                messages.Add(sent[at..(at + length)]);
            }

            at += length;
        }

        return messages;
    }

    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        if (Interlocked.Increment(ref _connections) == 1)
        {
            context.Transport = new Ends(context.Transport.Input, new Writer(context.Transport.Output, this));
        }

        await next(context);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _sent.AddRange(bytes);
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Writer(PipeWriter inner, Recording recording) : PipeWriter
    {
        private Memory<byte> _memory;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            recording.Keep(_memory.Span[..bytes]);
            _memory = _memory[bytes..];
            inner.Advance(bytes);
        }

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            recording.Keep(source.Span);
            return inner.WriteAsync(source, cancellationToken);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
