using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Grains.Enrolment;

/// <summary>A key that must not be used any more.</summary>
/// <param name="Participant">Whose it was, by its id at this site.</param>
/// <param name="Key">The key.</param>
/// <param name="Certificates">The certificates for it that have not expired.</param>
/// <param name="At">Since when.</param>
/// <param name="Until">When the last of them expires: from then on the entry is not needed.</param>
/// <param name="IsReplaced">Whether its identity was given to other hardware, and not shut out.</param>
public sealed record Revocation(
    ParticipantId Participant, KeyFingerprint Key, ImmutableArray<Thumbprint> Certificates, DateTimeOffset At, DateTimeOffset Until, bool IsReplaced)
{
    /// <summary>What the holder hears.</summary>
    [JsonIgnore]
    public string Sentence => IsReplaced
        ? $"the identity of '{Participant}' was given to other hardware: this device has no place at the site any more"
        : $"the device '{Participant}' was shut out of this site by its operator";

    /// <summary>Whether this entry does all that another one would.</summary>
    internal bool Covers(Revocation other) => Key == other.Key && Until >= other.Until && other.Certificates.All(Certificates.Contains);
}
