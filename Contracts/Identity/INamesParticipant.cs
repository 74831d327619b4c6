using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Identity;

/// <summary>A message that says whose it is. A site takes it from nobody else.</summary>
public interface INamesParticipant
{
    /// <summary>Whose.</summary>
    ParticipantId Participant { get; }
}
