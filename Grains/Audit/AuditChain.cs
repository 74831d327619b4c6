using System.Collections.Immutable;

namespace OrleansEdge.Grains.Audit;

/// <summary>What an examination of the chain has found.</summary>
/// <param name="Head">Where the chain ends.</param>
/// <param name="Records">How many records it holds.</param>
/// <param name="Faults">One sentence for each; none if the chain is whole.</param>
public sealed record AuditExamination(AuditHead Head, long Records, ImmutableArray<string> Faults);

/// <summary>
/// Walks the chain from its first block. Finds a block that was changed, left out, moved or put in, wherever it is but at the very end: a chain
/// whose end was cut off, or whose last block was changed, is a shorter chain as good as any, unless somebody remembers the longer one's head.
/// </summary>
internal sealed class AuditChain
{
    /// <summary>A chain that was written anew is broken once, not at each block; more than this tells nobody more.</summary>
    private const int MaximumFaults = 20;

    private readonly ImmutableArray<string>.Builder _faults = ImmutableArray.CreateBuilder<string>();
    private readonly Dictionary<long, string> _remembered;
    private AuditHead _head = AuditHead.Empty;
    private long _records;

    /// <summary>Begins.</summary>
    /// <param name="remembered">Heads that the chain is known to have had.</param>
    public AuditChain(IEnumerable<AuditHead> remembered) => _remembered = remembered
        .Where(head => head.Sequence > 0)
        .GroupBy(head => head.Sequence)
        .ToDictionary(heads => heads.Key, heads => heads.First().Hash);

    /// <summary>Takes the next block, in the order of the blobs' names.</summary>
    /// <param name="sequence">The place that its blob's name says.</param>
    /// <param name="bytes">Its bytes.</param>
    public void Add(long sequence, ReadOnlySpan<byte> bytes)
    {
        RequireNext(sequence);
        var head = AuditHead.After(sequence, bytes);
        if (AuditBlock.Parse(bytes) is not { } block)
        {
            Fault($"block {sequence} cannot be read.");
        }
        else
        {
            _records += block.Records.Length;
            if (block.Sequence != sequence)
            {
                Fault($"block {sequence} is in the place of block {block.Sequence}.");
            }
            else if (sequence == _head.Sequence + 1 && block.Previous != _head.Hash)
            {
                Fault(sequence == 1 ? "block 1 does not begin a chain." : $"block {sequence - 1} was changed after block {sequence} was written, or one of the two was put in.");
            }
        }

        if (_remembered.Remove(sequence, out var hash) && hash != head.Hash)
        {
            Fault($"block {sequence} is not the one that was remembered: it, or one before it, was changed.");
        }

        _head = head;
    }

    /// <summary>Takes the next block, which is larger than any that a site writes and was not read.</summary>
    /// <param name="sequence">The place that its blob's name says.</param>
    /// <param name="length">Its length, in bytes.</param>
    public void AddTooLarge(long sequence, long length)
    {
        RequireNext(sequence);
        Fault($"block {sequence} is not one that a site wrote: it has {length} bytes.");
        _remembered.Remove(sequence);
        _head = AuditHead.Empty with { Sequence = sequence };
    }

    /// <summary>What was found, now that all blocks were there.</summary>
    public AuditExamination End()
    {
        if (_remembered.Keys.DefaultIfEmpty().Max() is var last && last > _head.Sequence)
        {
            Fault($"the chain ends with block {_head.Sequence}, and block {last} is remembered: its end was cut off.");
        }

        return new(_head, _records, _faults.ToImmutable());
    }

    private void RequireNext(long sequence)
    {
        if (sequence != _head.Sequence + 1)
        {
            Fault(sequence == _head.Sequence + 2
                ? $"block {_head.Sequence + 1} is missing."
                : $"blocks {_head.Sequence + 1} to {sequence - 1} are missing.");
        }
    }

    private void Fault(string sentence)
    {
        if (_faults.Count < MaximumFaults)
        {
            _faults.Add(sentence);
        }
    }
}
