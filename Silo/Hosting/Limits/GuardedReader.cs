using System.Buffers;
using System.IO.Pipelines;

namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>Hands on what is read from a connection, past its guard. Of a refused connection nothing more comes.</summary>
internal sealed class GuardedReader(PipeReader inner, GuardedConnection guard) : PipeReader
{
    private static readonly ReadResult Ended = new(ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: true);
    private ReadOnlySequence<byte> _buffer;
    private bool _isEnded;

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_isEnded)
        {
            return;
        }

        guard.Take(_buffer.Slice(0, consumed), !_buffer.Slice(consumed).IsEmpty);
        _buffer = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_isEnded)
        {
            return Ended;
        }

        await guard.Throttle(cancellationToken);
        return Pass(await inner.ReadAsync(cancellationToken));
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_isEnded)
        {
            result = Ended;
            return true;
        }

        var read = inner.TryRead(out result);
        result = read ? Pass(result) : result;
        return read;
    }

    private ReadResult Pass(ReadResult result)
    {
        _buffer = result.Buffer;
        if (guard.Look(result.Buffer))
        {
            return result;
        }

        _isEnded = true;
        inner.AdvanceTo(result.Buffer.End);
        return Ended;
    }
}
