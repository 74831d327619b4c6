using System.Buffers;
using System.IO.Pipelines;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Shows what is read through it.</summary>
/// <param name="inner">What is read.</param>
/// <param name="consumed">Is shown what whoever reads has taken, once and in order.</param>
internal sealed class ObservedReader(PipeReader inner, Action<ReadOnlySequence<byte>> consumed) : PipeReader
{
    private readonly Action<ReadOnlySequence<byte>> _consumed = consumed;
    private ReadOnlySequence<byte> _buffer;

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _consumed(_buffer.Slice(0, consumed));
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
        _buffer = result.Buffer;
        return isRead;
    }
}
