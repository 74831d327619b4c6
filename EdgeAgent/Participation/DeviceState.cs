using OrleansEdge.Contracts.Participants;
using OrleansEdge.EdgeAgent.Participation.Roaming;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Participation;

/// <summary>A device as a participant: it stays what it is, and keeps its updates in its outbox.</summary>
/// <param name="registration">How it introduces itself.</param>
/// <param name="outbox">Its outbox.</param>
/// <param name="stay">Told how it goes at this site; null where the device knows no other.</param>
internal sealed class DeviceState(Registration registration, Outbox outbox, SiteStay? stay) : IParticipantState
{
    /// <inheritdoc/>
    public ValueTask<Registration> Describe() => new(registration);

    /// <inheritdoc/>
    public async ValueTask<SyncReport> Complete(SyncReport report)
    {
        if (stay is not null && report.Activity.Instruction is null)
        {
            await stay.BetweenInstructions();
        }

        return report with { Outbox = outbox.Rounds() };
    }

    /// <inheritdoc/>
    public ValueTask Take(SyncReply reply)
    {
        foreach (var round in reply.Settled)
        {
            outbox.Remove(round);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Reached(string? trouble) => stay?.Reached(answers: trouble is null);
}
