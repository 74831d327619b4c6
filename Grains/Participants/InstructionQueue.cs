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
    private readonly List<InstructionId> _offered = [];
    private long _offer = firstOffer;
    private JobId? _lastServed;

    /// <summary>The instructions that have not been finished.</summary>
    public ImmutableArray<InstructionId> Pending => [.. _pending.Values.Select(instruction => instruction.Id)];

    /// <summary>Leaves an instruction; replaces the job's previous one.</summary>
    public void Offer(Instruction instruction)
    {
        if (instruction.Id.Kind is InstructionKind.Train or InstructionKind.Initialise)
        {
            _settled.Remove(instruction.Id.Round);
        }

        _withdrawn.Remove(instruction.Id);
        Remember(_offered, instruction.Id);
        _pending[instruction.Id.Round.Job] = instruction with { Offer = ++_offer };
    }

    /// <summary>Leaves an instruction unless this queue has ever held it.</summary>
    /// <returns>Whether it was left.</returns>
    public bool Ensure(Instruction instruction)
    {
        if (_offered.Contains(instruction.Id) || IsVoid(instruction.Id))
        {
            return false;
        }

        Offer(instruction);
        return true;
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
        // At the end again: what was remembered last is forgotten last.
        list.Remove(item);
        list.Add(item);

        if (list.Count > Remembered)
        {
            list.RemoveAt(0);
        }
    }
}
