using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using OrleansEdge.Contracts.Telemetry;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Counts the bytes on the wire between this silo's gateway and its participants, since the process started.</summary>
internal sealed class GatewayTraffic
{
    private long _bytesUp;
    private long _bytesDown;

    /// <summary>Begins to count, and offers the counts as metrics.</summary>
    public GatewayTraffic(TimeProvider time)
    {
        StartedAt = time.GetUtcNow();
        OrleansEdgeTelemetry.Meter.CreateObservableCounter("orleansedge.gateway.bytes.up", () => BytesUp, "By");
        OrleansEdgeTelemetry.Meter.CreateObservableCounter("orleansedge.gateway.bytes.down", () => BytesDown, "By");
    }

    /// <summary>When the count began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Bytes from participants.</summary>
    public long BytesUp => Interlocked.Read(ref _bytesUp);

    /// <summary>Bytes to participants.</summary>
    public long BytesDown => Interlocked.Read(ref _bytesDown);

    /// <summary>Counts what goes through a connection.</summary>
    public async Task Run(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        connection.Transport = new CountingPipe(new CountingReader(transport.Input, this), new CountingWriter(transport.Output, this));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    private sealed record CountingPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class CountingReader(PipeReader inner, GatewayTraffic traffic) : PipeReader
    {
        private ReadOnlySequence<byte> _buffer;

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            Interlocked.Add(ref traffic._bytesUp, _buffer.Slice(0, consumed).Length);
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var result = await inner.ReadAsync(cancellationToken);
            _buffer = result.Buffer;
            return result;
        }

        public override bool TryRead(out ReadResult result)
        {
            var read = inner.TryRead(out result);
            _buffer = result.Buffer;
            return read;
        }
    }

    private sealed class CountingWriter(PipeWriter inner, GatewayTraffic traffic) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            Interlocked.Add(ref traffic._bytesDown, bytes);
            inner.Advance(bytes);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            Interlocked.Add(ref traffic._bytesDown, source.Length);
            return inner.WriteAsync(source, cancellationToken);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
    }
}

/// <summary>Adds the count to a silo.</summary>
internal static class GatewayTrafficExtensions
{
    /// <summary>Counts every gateway connection.</summary>
    public static void CountGatewayTraffic(this ISiloBuilder silo) => silo.Services.AddOptions<SiloConnectionOptions>().Configure<GatewayTraffic>(
        (options, traffic) => options.ConfigureGatewayInboundConnection(connection => connection.Use(next => context => traffic.Run(context, next))));
}
