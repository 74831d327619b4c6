using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Grains.Participants;

/// <summary>
/// The instructions left for one participant: at most one for each job, handed out in fair turns. Memory only: rounds and surveys offer
/// again after a restart.
/// </summary>
/// <param name="firstOffer">Where offers begin to count; must grow from one activation to the next.</param>
internal sealed class InstructionQueue(long firstOffer)
{
    /// <summary>Settled rounds and withdrawn instructions that are remembered; more than a participant ever holds.</summary>
    private const int Remembered = 64;

    private readonly SortedDictionary<JobId, Instruction> _pending = [];
    private readonly List<RoundKey> _settled = [];
    private readonly List<InstructionId> _withdrawn = [];
    private long _offer = firstOffer;
    private JobId? _lastServed;

    /// <summary>The instructions that have not been finished.</summary>
    public ImmutableArray<InstructionId> Pending => [.. _pending.Values.Select(instruction => instruction.Id)];

    /// <summary>Leaves an instruction; replaces the job's previous one.</summary>
    public void Offer(Instruction instruction)
    {
        _settled.Remove(instruction.Id.Round);
        _withdrawn.Remove(instruction.Id);
        _pending[instruction.Id.Round.Job] = instruction with { Offer = ++_offer };
    }

    /// <summary>Takes an instruction back.</summary>
    public void Withdraw(InstructionId instruction)
    {
        Remember(_withdrawn, instruction);
        if (_pending.TryGetValue(instruction.Round.Job, out var pending) && pending.Id == instruction)
        {
            _pending.Remove(instruction.Round.Job);
        }
    }

    /// <summary>Remembers that a round is over, and drops its instruction.</summary>
    public void Settle(RoundKey round)
    {
        Remember(_settled, round);
        if (_pending.TryGetValue(round.Job, out var pending) && pending.Id.Round == round
            && pending.Id.Kind is InstructionKind.Train or InstructionKind.Initialise)
        {
            _pending.Remove(round.Job);
        }
    }

    /// <summary>Whether the round is known to be over.</summary>
    public bool IsSettled(RoundKey round) => _settled.Contains(round);

    /// <summary>Whether the participant should stop what it is doing.</summary>
    public bool IsVoid(InstructionId instruction) => _withdrawn.Contains(instruction)
        || (IsSettled(instruction.Round) && instruction.Kind is InstructionKind.Train or InstructionKind.Initialise);

    /// <summary>Whether an instruction of this round is waiting or being worked on.</summary>
    public bool Knows(RoundKey round) => IsSettled(round)
        || (_pending.TryGetValue(round.Job, out var pending) && pending.Id.Round == round);

    /// <summary>Drops what the participant has finished.</summary>
    public void Finish(IEnumerable<FinishedInstruction> finished)
    {
        foreach (var (id, offer) in finished)
        {
            if (_pending.TryGetValue(id.Round.Job, out var pending) && pending.Id == id && pending.Offer == offer)
            {
                _pending.Remove(id.Round.Job);
            }
        }
    }

    /// <summary>The next instruction: the first job after the one served last, in the order of their ids, cyclically.</summary>
    public Instruction? Next()
    {
        if (_pending.Count == 0)
        {
            return null;
        }

        var next = _lastServed is { } last ? _pending.Keys.Where(job => job > last).Cast<JobId?>().FirstOrDefault() : null;
        var chosen = next ?? _pending.Keys.First();
        _lastServed = chosen;
        return _pending[chosen];
    }

    private static void Remember<T>(List<T> list, T item)
        where T : struct
    {
        if (!list.Contains(item))
        {
            list.Add(item);
        }

        if (list.Count > Remembered)
        {
            list.RemoveAt(0);
        }
    }
}
