using System.Buffers;
using System.Buffers.Binary;
using Microsoft.AspNetCore.Connections;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Sites;

namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>What one connection sends, as it is read. One thread at a time reads; the clock looks from another.</summary>
internal sealed class GuardedConnection(ConnectionContext context, string peer, RateBudget messages, RateBudget bytes, GatewayLimitOptions options, Refusals refusals, TimeProvider time)
{
    private const int Prefix = 2 * sizeof(int);

    private MessageFrames _frames;
    private bool _isIntroduced;
    private bool _isRefused;
    private TimeSpan _wait;

    /// <summary>Since when something is due: the introduction, or the rest of a message. 0: nothing is.</summary>
    private long _dueSince = time.GetTimestamp();

    /// <summary>Waits for as long as too much was sent before.</summary>
    public async ValueTask Throttle(CancellationToken cancellation)
    {
        if (_wait > TimeSpan.Zero)
        {
            refusals.Note(peer, RefusalReason.Rate, $"sends more than {options.MessagesPerSecond} messages a second, or too many bytes: it is read more slowly.");
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, context.ConnectionClosed);
            var wait = _wait;
            _wait = TimeSpan.Zero;
            await Task.Delay(wait, time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            if (Volatile.Read(ref _dueSince) != 0)
            {
                // The rest of a message could not come meanwhile.
                Volatile.Write(ref _dueSince, time.GetTimestamp());
            }
        }
    }

    /// <summary>Looks at what has come and was not taken yet; it begins where a message begins.</summary>
    /// <returns>False if the connection was refused: nothing of it may be read.</returns>
    public bool Look(ReadOnlySequence<byte> buffer)
    {
        if (_isRefused)
        {
            return false;
        }

        if (_isIntroduced && !buffer.IsEmpty)
        {
            Interlocked.CompareExchange(ref _dueSince, time.GetTimestamp(), 0);
        }

        if (_isIntroduced && _frames.IsAtBoundary)
        {
            LookAtMessages(buffer);
        }

        return !_isRefused;
    }

    /// <summary>All messages of which enough is there.</summary>
    private void LookAtMessages(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[Prefix];
        while (buffer.Length >= Prefix && !_isRefused)
        {
            buffer.Slice(0, Prefix).CopyTo(prefix);
            var (header, body) = (BinaryPrimitives.ReadInt32LittleEndian(prefix), BinaryPrimitives.ReadInt32LittleEndian(prefix[sizeof(int)..]));
            if (header <= 0 || header > options.LongestHeader || body < 0 || body > MessageLimits.MaximumBodySize)
            {
                Refuse(RefusalReason.Oversize,
                    $"sends a message with a header of {(uint)header} bytes and a body of {(uint)body}, and at most {options.LongestHeader} and " +
                    $"{MessageLimits.MaximumBodySize} are allowed: its connection is closed.");
                return;
            }

            if (buffer.Length < Prefix + header + body)
            {
                return;
            }

            if (body > 0 && !WireFields.IsShallow(buffer.Slice(Prefix + header, body)))
            {
                Refuse(RefusalReason.Malformed, "sends a message that is not whole or nests too deep: its connection is closed.");
            }

            buffer = buffer.Slice(Prefix + header + body);
        }
    }

    /// <summary>Counts what was taken.</summary>
    /// <param name="taken">The bytes.</param>
    /// <param name="isRestLeft">Whether something that has come was left.</param>
    public void Take(ReadOnlySequence<byte> taken, bool isRestLeft)
    {
        if (taken.IsEmpty)
        {
            return;
        }

        var count = 0;
        foreach (var part in taken)
        {
            count += _frames.Count(part.Span);
        }

        _isIntroduced |= count > 0;
        Volatile.Write(ref _dueSince, _isIntroduced && !isRestLeft ? 0 : time.GetTimestamp());
        var wait = messages.Take(count);
        var byteWait = bytes.Take(taken.Length);
        _wait = wait > byteWait ? wait : byteWait;
    }

    /// <summary>Closes the connection if what is due has not come in time.</summary>
    public void Check()
    {
        if (Volatile.Read(ref _dueSince) is not 0 and var since && !_isRefused)
        {
            var elapsed = time.GetElapsedTime(since);
            if (!_isIntroduced && elapsed > options.HandshakeTimeout)
            {
                Refuse(RefusalReason.Handshake, $"has not said who it is within {options.HandshakeTimeout}: its connection is closed.");
            }
            else if (_isIntroduced && elapsed > options.MessageTimeout)
            {
                Refuse(RefusalReason.SlowMessage, $"has not sent the rest of a message within {options.MessageTimeout}: its connection is closed.");
            }
        }
    }

    private void Refuse(RefusalReason reason, string sentence)
    {
        _isRefused = true;
        refusals.Note(peer, reason, sentence);
        context.Abort(new ConnectionAbortedException($"{peer} {sentence}"));
    }
}
