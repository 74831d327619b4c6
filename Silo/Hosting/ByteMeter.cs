using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Counts the bytes that go through connections, as they are on the wire where nothing is put before it.</summary>
internal sealed class ByteMeter
{
    private long _read;
    private long _written;

    /// <summary>Bytes received.</summary>
    public long Read => Interlocked.Read(ref _read);

    /// <summary>Bytes sent.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Counts what goes through a connection.</summary>
    public async Task Run(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        connection.Transport = new CountingPipe(new ObservedReader(transport.Input, bytes => Interlocked.Add(ref _read, bytes.Length)), new CountingWriter(transport.Output, this));
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

    private sealed class CountingWriter(PipeWriter inner, ByteMeter meter) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            Interlocked.Add(ref meter._written, bytes);
            inner.Advance(bytes);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            Interlocked.Add(ref meter._written, source.Length);
            return inner.WriteAsync(source, cancellationToken);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
    }
}
