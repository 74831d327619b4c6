using OrleansEdge.Contracts.Participants;

namespace OrleansEdge.Participation;

/// <summary>What a participant has to say of itself on its heartbeats, and what it makes of the answers.</summary>
internal interface IParticipantState
{
    /// <summary>How it introduces itself. What differs from the last time is said to the coordinator again.</summary>
    ValueTask<Registration> Describe();

    /// <summary>Adds what only this participant knows: its outbox, and a site what it is doing.</summary>
    ValueTask<SyncReport> Complete(SyncReport report);

    /// <summary>Takes what the coordinator says besides an instruction: rounds that are settled, jobs that have ended.</summary>
    ValueTask Take(SyncReply reply);

    /// <summary>Told of each change between reaching the coordinator and not reaching it.</summary>
    /// <param name="trouble">Why it cannot be reached; null when it can.</param>
    void Reached(string? trouble);
}
