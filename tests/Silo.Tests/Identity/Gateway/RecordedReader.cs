using System.Buffers;
using System.IO.Pipelines;

namespace OrleansEdge.Silo.Tests.Identity.Gateway;

/// <summary>Keeps what is read through it.</summary>
/// <param name="inner">What is read.</param>
/// <param name="bytes">Where it is kept; whoever looks there while a connection lasts holds its lock.</param>
internal sealed class RecordedReader(PipeReader inner, List<byte> bytes) : PipeReader
{
    private ReadOnlySequence<byte> _buffer;

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (bytes)
        {
            bytes.AddRange(_buffer.Slice(0, consumed).ToArray());
        }

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
        var isRead = inner.TryRead(out result);
        _buffer = isRead ? result.Buffer : _buffer;
        return isRead;
    }
}

/// <summary>A connection's two ends, of which one is recorded.</summary>
internal sealed record RecordedPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
