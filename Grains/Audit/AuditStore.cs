using System.Collections.Immutable;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Audit;

/// <summary>
/// The chain in the site's store. All silos append to the one chain: who writes a place first has it, and the other reads on and takes the next.
/// A block is there whole or not at all, so there is nothing to repair after a crash.
/// </summary>
internal sealed class AuditStore(IBlobStore blobs)
{
    /// <summary>The most records that a block should have; what comes at once beyond that goes into the next ones.</summary>
    public const int MostRecords = 512;

    /// <summary>The largest block, in bytes: 16 MiB, twice what the most records of the longest texts have.</summary>
    private const long LargestBlock = 16 << 20;

    private AuditHead? _head;

    /// <summary>Appends a block. One call at a time.</summary>
    /// <returns>The chain's new end.</returns>
    public async Task<AuditHead> Append(ImmutableArray<AuditRecord> records, CancellationToken cancellation = default)
    {
        var head = _head ?? await FindHead(cancellation).ConfigureAwait(false);
        while (true)
        {
            var bytes = new AuditBlock(head.Sequence + 1, head.Hash, records).ToBytes();
            var next = AuditHead.After(head.Sequence + 1, bytes);
            try
            {
                await blobs.Write(AuditBlock.NameOf(next.Sequence), bytes, BlobCondition.IfAbsent, cancellation).ConfigureAwait(false);
                return _head = next;
            }
            catch (BlobConflictException)
            {
                // Another silo was first, or this very block had been written when its answer was lost.
                (_head, var isWritten) = await ReadOn(head, next, cancellation).ConfigureAwait(false);
                if (isWritten)
                {
                    return _head;
                }

                head = _head;
            }
        }
    }

    /// <summary>The last records, the newest first.</summary>
    /// <param name="limit">At most how many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ImmutableArray<AuditRecord>> ReadLast(int limit, CancellationToken cancellation)
    {
        var records = ImmutableArray.CreateBuilder<AuditRecord>();
        var head = await FindHead(cancellation).ConfigureAwait(false);
        for (var sequence = head.Sequence; sequence > 0 && records.Count < limit; sequence--)
        {
            if (await Read(sequence, cancellation).ConfigureAwait(false) is { } blob && AuditBlock.Parse(blob.Bytes.Span) is { } block)
            {
                records.AddRange(block.Records.Reverse().Take(limit - records.Count));
            }
        }

        return records.ToImmutable();
    }

    /// <summary>Examines the whole chain.</summary>
    /// <param name="remembered">Heads that it is known to have had.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<AuditExamination> Examine(IEnumerable<AuditHead> remembered, CancellationToken cancellation)
    {
        var chain = new AuditChain(remembered);
        await foreach (var entry in blobs.List(AuditBlock.Container, cancellation: cancellation).ConfigureAwait(false))
        {
            if (AuditBlock.SequenceOf(entry.Name) is not { } sequence)
            {
                continue;
            }

            if (entry.Length > LargestBlock)
            {
                chain.AddTooLarge(sequence, entry.Length);
            }
            else if (await Read(sequence, cancellation).ConfigureAwait(false) is { } blob)
            {
                chain.Add(sequence, blob.Bytes.Span);
            }
        }

        return chain.End();
    }

    private ValueTask<BlobContent?> Read(long sequence, CancellationToken cancellation) =>
        blobs.ReadSmall(AuditBlock.NameOf(sequence), LargestBlock, cancellation);

    private async Task<AuditHead> FindHead(CancellationToken cancellation)
    {
        long last = 0;
        await foreach (var entry in blobs.List(AuditBlock.Container, cancellation: cancellation).ConfigureAwait(false))
        {
            last = AuditBlock.SequenceOf(entry.Name) ?? last;
        }

        return last > 0 && await Read(last, cancellation).ConfigureAwait(false) is { } blob
            ? AuditHead.After(last, blob.Bytes.Span)
            : AuditHead.Empty;
    }

    /// <summary>The chain's end, seen from a block that was its end; and whether a certain block was met on the way.</summary>
    private async Task<(AuditHead Head, bool HasMet)> ReadOn(AuditHead head, AuditHead sought, CancellationToken cancellation)
    {
        var hasMet = false;
        while (await Read(head.Sequence + 1, cancellation).ConfigureAwait(false) is { } blob)
        {
            head = AuditHead.After(head.Sequence + 1, blob.Bytes.Span);
            hasMet |= head == sought;
        }

        return (head, hasMet);
    }
}
