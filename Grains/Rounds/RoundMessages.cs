using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Participants;

namespace OrleansEdge.Grains.Rounds;

/// <summary>What a round says to its participants and shards.</summary>
/// <param name="round">The round.</param>
/// <param name="grains">Where they are.</param>
/// <param name="time">The clock.</param>
/// <param name="interval">How often what was asked is said again.</param>
internal sealed class RoundMessages(RoundKey round, IGrainFactory grains, TimeProvider time, TimeSpan interval)
{
    private DateTimeOffset _ensuredAt;

    /// <summary>Asks participants, also those that were asked before.</summary>
    public Task Offer(RoundPlan plan, string? traceParent, IEnumerable<ParticipantId> participants) =>
        Task.WhenAll(participants.Select(participant => Inbox(participant).Offer(InstructionFor(plan, traceParent, participant))));

    /// <summary>
    /// Asks participants whose grain has lost the question: it is memory too. Not waited for, since it is said again.
    /// </summary>
    public void Ensure(RoundPlan plan, string? traceParent, IReadOnlyCollection<ParticipantId> participants)
    {
        var now = time.GetUtcNow();
        if (now - _ensuredAt < interval)
        {
            return;
        }

        _ensuredAt = now;
        Task.WhenAll(participants.Select(participant => Inbox(participant).Ensure(InstructionFor(plan, traceParent, participant)))).Ignore();
    }

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
