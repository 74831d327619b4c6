using System.Collections.Immutable;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.Participation.Updates;

/// <summary>
/// Brings an update to its round: the shards in chunks, several in flight, then the commit. Whatever breaks, it asks each shard what is
/// missing and goes on from there; everything that it says may be said again.
/// </summary>
internal sealed class UpdateSender(
    ParticipantId participant, SiteConnection connection, RetryPolicy retry, FaultSwitch faultSwitch)
{
    /// <summary>Enough to keep the window full while one of them waits for an answer; more would hold permits that others could use.</summary>
    private const int ShardsAtOnce = 2;

    /// <summary>Sends and commits.</summary>
    /// <returns>The site's last word: committed, refused, or that the round is over.</returns>
    public async Task<CommitReply> Send(IOutgoingUpdate update, CancellationToken cancellation)
    {
        using var sent = update.CountSent();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var reply = await SendShards(update, isResumed: attempt > 0, sent, cancellation) ?? await Commit(update, sent, cancellation);
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

    private async Task<CommitReply?> SendShards(IOutgoingUpdate update, bool isResumed, SentBytes sent, CancellationToken cancellation)
    {
        using var window = new SemaphoreSlim(Chunk.PreferredInFlight);
        using var turns = new SemaphoreSlim(ShardsAtOnce);
        var replies = await Task.WhenAll(Enumerable.Range(0, update.Plan.Count).Select(async index =>
        {
            await turns.WaitAsync(cancellation);
            try
            {
                return await SendShard(update, index, isResumed, window, sent, cancellation);
            }
            finally
            {
                turns.Release();
            }
        }));
        faultSwitch.Reach(AgentPoints.Uploaded, update.Header.Round);
        return replies.FirstOrDefault(reply => reply is not null);
    }

    /// <summary>Sends one shard; null when it is staged.</summary>
    private async Task<CommitReply?> SendShard(
        IOutgoingUpdate update, int index, bool isResumed, SemaphoreSlim window, SentBytes sent, CancellationToken cancellation)
    {
        var values = await update.ReadShard(index, cancellation);
        var header = new UploadHeader(participant, values.Length, update.Digests[index]);
        var key = new ShardKey(update.Header.Key, index);
        var shard = connection.Grains.GetGrain<IShardGrain>(key.ToString());
        IEntryGrain? entry = null;

        // A single chunk is sent on the chance that there is a permit. More than that would go over the wire in vain where there is none.
        ImmutableArray<int> missing = isResumed || values.Length > Chunk.PreferredLength ? default : [0];
        while (true)
        {
            UploadReply[] replies = missing.IsDefault
                ? [await retry.Call(() => shard.Begin(header).AsTask(), cancellation)]
                : await Task.WhenAll(missing.Select(offset => SendChunk(update, Append, values, offset, window, sent, cancellation)));
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
                entry = connection.Entries.To(replies[0].Silo);
            }
        }

        ValueTask<UploadReply> Append(int offset, Chunk chunk) =>
            entry is null ? shard.Append(header, offset, chunk) : entry.Append(header, key, offset, chunk);
    }

    private async Task<UploadReply> SendChunk(
        IOutgoingUpdate update, Func<int, Chunk, ValueTask<UploadReply>> append, ReadOnlyMemory<byte> values, int offset, SemaphoreSlim window, SentBytes sent,
        CancellationToken cancellation)
    {
        var chunk = new Chunk(values.Slice(offset, Math.Min(Chunk.PreferredLength, values.Length - offset)));
        await window.WaitAsync(cancellation);
        try
        {
            sent.Add(chunk.Length);
            var reply = await retry.Call(() => append(offset, chunk).AsTask(), cancellation);
            faultSwitch.Reach(AgentPoints.Uploading, update.Header.Round);
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

    private async Task<CommitReply> Commit(IOutgoingUpdate update, SentBytes sent, CancellationToken cancellation)
    {
        if (!await update.Committing())
        {
            return new(CommitStanding.RoundOver);
        }

        var header = update.Header;
        var round = connection.Grains.GetGrain<IRoundGrain>(header.Key.ToString());
        var reply = await retry.Call(() => round.Commit(new UpdateCommit
        {
            Participant = participant,
            Base = header.Base is { } hash ? ContentHash.Parse(hash) : null,
            Examples = header.Examples,
            Shards = update.Digests,
            Integers = new Chunk(update.Integers),
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
