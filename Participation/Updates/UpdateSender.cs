using System.Collections.Immutable;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.Participation.Updates;

/// <summary>
/// Brings an update to its round: the shards in chunks, several in flight, then the commit. Whatever breaks, it asks each shard what is
/// missing and goes on from there; everything that it says may be said again.
/// </summary>
internal sealed class UpdateSender(
    ParticipantId participant, SiteConnection connection, RetryPolicy retry, Outbox outbox, FaultSwitch faultSwitch)
{
    /// <summary>Enough to keep the window full while one of them waits for an answer; more would hold permits that others could use.</summary>
    private const int ShardsAtOnce = 2;

    /// <summary>Sends and commits.</summary>
    /// <returns>The site's last word: committed, refused, or that the round is over.</returns>
    public async Task<CommitReply> Send(OutboxEntry entry, CancellationToken cancellation)
    {
        using var sent = outbox.CountSent(entry.Header.Key);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var reply = await SendShards(entry, isResumed: attempt > 0, sent, cancellation) ?? await Commit(entry, sent, cancellation);
                if (reply.Standing != CommitStanding.Retry)
                {
                    return reply;
                }
            }
            catch (Exception exception) when (RetryPolicy.IsTransient(exception, cancellation))
            {
                // Unknown outcome: the next round of questions finds out.
            }

            await retry.Delay(attempt, cancellation);
        }
    }

    private async Task<CommitReply?> SendShards(OutboxEntry entry, bool isResumed, SentBytes sent, CancellationToken cancellation)
    {
        using var window = new SemaphoreSlim(Chunk.PreferredInFlight);
        using var turns = new SemaphoreSlim(ShardsAtOnce);
        var replies = await Task.WhenAll(Enumerable.Range(0, entry.Plan.Count).Select(async index =>
        {
            await turns.WaitAsync(cancellation);
            try
            {
                return await SendShard(entry, index, isResumed, window, sent, cancellation);
            }
            finally
            {
                turns.Release();
            }
        }));
        faultSwitch.Reach(AgentPoints.Uploaded, entry.Header.Round);
        return replies.FirstOrDefault(reply => reply is not null);
    }

    /// <summary>Sends one shard; null when it is staged.</summary>
    private async Task<CommitReply?> SendShard(
        OutboxEntry entry, int index, bool isResumed, SemaphoreSlim window, SentBytes sent, CancellationToken cancellation)
    {
        var values = entry.Shard(index);
        var header = new UploadHeader(participant, values.Length, entry.Digests[index]);
        var shard = connection.Grains.GetGrain<IShardGrain>(new ShardKey(entry.Header.Key, index).ToString());

        // A single chunk is sent on the chance that there is a permit. More than that would go over the wire in vain where there is none.
        ImmutableArray<int> missing = isResumed || values.Length > Chunk.PreferredLength ? default : [0];
        while (true)
        {
            UploadReply[] replies = missing.IsDefault
                ? [await retry.Call(() => shard.Begin(header).AsTask(), cancellation)]
                : await Task.WhenAll(missing.Select(offset => SendChunk(entry, shard, header, values, offset, window, sent, cancellation)));
            foreach (var reply in replies)
            {
                if (ToOutcome(reply) is { } outcome)
                {
                    return outcome.Reply;
                }
            }

            if (Array.Find(replies, reply => reply.Standing == UploadStanding.Busy) is { } busy)
            {
                await retry.Wait(busy.RetryAfter, cancellation);
                missing = default;
            }
            else
            {
                missing = missing.IsDefault ? replies[0].Missing : default;
            }
        }
    }

    private async Task<UploadReply> SendChunk(
        OutboxEntry entry, IShardGrain shard, UploadHeader header, ReadOnlyMemory<byte> values, int offset, SemaphoreSlim window, SentBytes sent,
        CancellationToken cancellation)
    {
        var chunk = new Chunk(values.Slice(offset, Math.Min(Chunk.PreferredLength, values.Length - offset)));
        await window.WaitAsync(cancellation);
        try
        {
            sent.Add(chunk.Length);
            var reply = await retry.Call(() => shard.Append(header, offset, chunk).AsTask(), cancellation);
            faultSwitch.Reach(AgentPoints.Uploading, entry.Header.Round);
            if (reply.Standing == UploadStanding.Busy)
            {
                sent.Add(-chunk.Length);
            }

            return reply;
        }
        finally
        {
            window.Release();
        }
    }

    private async Task<CommitReply> Commit(OutboxEntry entry, SentBytes sent, CancellationToken cancellation)
    {
        var header = entry.Header;
        var round = connection.Grains.GetGrain<IRoundGrain>(header.Key.ToString());
        var reply = await retry.Call(() => round.Commit(new UpdateCommit
        {
            Participant = participant,
            Base = header.Base is { } hash ? ContentHash.Parse(hash) : null,
            Examples = header.Examples,
            Shards = entry.Digests,
            Integers = new Chunk(entry.Integers),
            Layout = header.Layout,
            LossSum = header.LossSum,
            TrainingSeconds = header.TrainingSeconds,
            BytesResent = Math.Max(0, sent.Total - header.WeightBytes),
        }), cancellation);
        if (reply.Standing == CommitStanding.Committed)
        {
            faultSwitch.Reach(AgentPoints.Committed, header.Round);
        }

        return reply;
    }

    private static Outcome? ToOutcome(UploadReply reply) => reply.Standing switch
    {
        UploadStanding.Staged => new(null),
        UploadStanding.Refused => new(new CommitReply(CommitStanding.Refused, reply.Reason)),
        UploadStanding.RoundOver => new(new CommitReply(CommitStanding.RoundOver)),
        _ => null,
    };

    private readonly record struct Outcome(CommitReply? Reply);
}
