using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Participants;

namespace OrleansEdge.Grains.Rounds;

/// <summary>What a round says to its participants and shards.</summary>
internal sealed class RoundMessages(RoundKey round, IGrainFactory grains)
{
    /// <summary>Asks participants, also those that were asked before.</summary>
    public Task Offer(RoundPlan plan, string? traceParent, IEnumerable<ParticipantId> participants) =>
        Task.WhenAll(participants.Select(participant => Inbox(participant).Offer(InstructionFor(plan, traceParent, participant))));

    /// <summary>Asks participants whose grain has lost the question.</summary>
    public Task Ensure(RoundPlan plan, string? traceParent, IEnumerable<ParticipantId> participants) =>
        Task.WhenAll(participants.Select(participant => Inbox(participant).Ensure(InstructionFor(plan, traceParent, participant))));

    /// <summary>Says that the round is over.</summary>
    public async Task Settle(IEnumerable<ParticipantId> participants, int shards)
    {
        await Task.WhenAll(participants.Select(participant => Inbox(participant).Settle(round)));
        await Task.WhenAll(Enumerable.Range(0, shards).Select(index => grains.GetGrain<IShardControl>(new ShardKey(round, index).ToString()).Release()));
    }

    private IParticipantInbox Inbox(ParticipantId participant) => grains.GetGrain<IParticipantInbox>(participant.Value);

    private Instruction InstructionFor(RoundPlan plan, string? traceParent, ParticipantId participant)
    {
        var instruction = plan.Instruction with { TraceParent = traceParent };
        return instruction is TrainInstruction train
            ? train with { Seed = DerivedSeed.Of(plan.Seed, $"{round.Number}/{participant}") }
            : instruction;
    }
}
