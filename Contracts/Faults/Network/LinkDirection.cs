using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace OrleansEdge.Contracts.Faults.Network;

/// <summary>One direction of one connection: what leaves at one end arrives at the other, later, in order, or the connection breaks.</summary>
internal sealed class LinkDirection(NetworkFaults faults, Throttle throttle, int seed, TimeProvider time)
{
    /// <summary>Pieces on their way at once: 4 MiB of them.</summary>
    private const int PiecesOnTheWay = 256;

    private const int LargestPiece = 16 * 1024;

    /// <summary>Apart from the delays', so that which message breaks a connection does not depend on how the bytes come.</summary>
    private readonly Random _drops = new(seed);

    private readonly DelayLine _delay = new(faults.Delay, faults.DelaySpread, new Random(~seed));
    private readonly Channel<Piece> _way = Channel.CreateBounded<Piece>(
        new BoundedChannelOptions(PiecesOnTheWay) { SingleReader = true, SingleWriter = true });

    private MessageFrames _frames;

    /// <summary>Carries until either end has ended.</summary>
    /// <param name="source">What leaves; completed at the end.</param>
    /// <param name="target">Where it arrives; completed at the end.</param>
    /// <param name="onBreak">Breaks the connection.</param>
    /// <param name="closed">Cancelled when the connection has ended.</param>
    public async Task Carry(PipeReader source, PipeWriter target, Action onBreak, CancellationToken closed)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(closed);
        var arriving = Arrive(target, ended);
        var leaving = Leave(source, onBreak, ended.Token);
        await Task.WhenAll(arriving, leaving);
    }

    private async Task Leave(PipeReader source, Action onBreak, CancellationToken ended)
    {
        Exception? failure = null;
        try
        {
            while (await source.ReadAsync(ended) is { IsCanceled: false } result && !(result.IsCompleted && result.Buffer.IsEmpty))
            {
                var bytes = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, LargestPiece)).ToArray();
                source.AdvanceTo(result.Buffer.GetPosition(bytes.Length));
                if (IsBroken(_frames.Count(bytes)))
                {
                    onBreak();
                    break;
                }

                await _way.Writer.WriteAsync(new(bytes, _delay.Arrive(throttle.Send(Now, bytes.Length))), ended);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            failure = exception;
        }

        _way.Writer.Complete();
        await source.CompleteAsync(failure);
    }

    private async Task Arrive(PipeWriter target, CancellationTokenSource ended)
    {
        Exception? failure = null;
        try
        {
            await foreach (var piece in _way.Reader.ReadAllAsync(ended.Token))
            {
                var early = piece.Due - Now;
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early, time, ended.Token);
                }

                if ((await target.WriteAsync(piece.Bytes, ended.Token)).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            failure = exception;
        }

        // Nobody takes what still comes.
        await ended.CancelAsync();
        await target.CompleteAsync(failure);
    }

    private bool IsBroken(int messages)
    {
        for (; messages > 0 && faults.Drop > 0; messages--)
        {
            if (_drops.NextDouble() < faults.Drop)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEnd(Exception exception) =>
        exception is IOException or ConnectionAbortedException or OperationCanceledException or InvalidOperationException;

    /// <summary>On a clock that all connections share.</summary>
    private TimeSpan Now => time.GetElapsedTime(0);

    private readonly record struct Piece(byte[] Bytes, TimeSpan Due);
}
