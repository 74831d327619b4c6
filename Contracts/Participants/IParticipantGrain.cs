using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Contracts.Participants;

/// <summary>
/// A device or a site as its coordinator sees it; the key is the <see cref="Identifiers.ParticipantId"/>. Participants pull: they register,
/// then ask for instructions on a heartbeat. The site never waits for a participant.
/// </summary>
[Alias("oe.IParticipantGrain")]
public interface IParticipantGrain : IGrainWithStringKey
{
    /// <summary>Introduces a process of this participant; a repeated call changes nothing.</summary>
    [Alias("Register"), CallableBy(Callers.Participant, ActingFor = ActingFor.Key)]
    Task<RegistrationReply> Register(Registration registration);

    /// <summary>The heartbeat. Held back for about 5 s when <see cref="SyncReport.Wait"/> is set and there is nothing to do.</summary>
    [Alias("Sync"), CallableBy(Callers.Participant, ActingFor = ActingFor.Key)]
    ValueTask<SyncReply> Sync(SyncReport report, CancellationToken cancellation);
}
