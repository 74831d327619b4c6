using OrleansEdge.Contracts.Participants;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Participation;

/// <summary>A device as a participant: it stays what it is, and keeps its updates in its outbox.</summary>
internal sealed class DeviceState(Registration registration, Outbox outbox) : IParticipantState
{
    /// <inheritdoc/>
    public ValueTask<Registration> Describe() => new(registration);

    /// <inheritdoc/>
    public ValueTask<SyncReport> Complete(SyncReport report) => new(report with { Outbox = outbox.Rounds() });

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
    public void Reached(string? trouble)
    {
        // A device has nobody to tell.
    }
}
