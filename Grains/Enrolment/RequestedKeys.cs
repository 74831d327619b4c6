using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;

namespace OrleansEdge.Grains.Enrolment;

/// <summary>The keys for which a participant asks for certificates, each of which it has proved to have.</summary>
/// <param name="Own">With which it takes part.</param>
/// <param name="Site">With which it vouches for its own, where it is a site; null from a device.</param>
internal sealed record RequestedKeys(PublicKey Own, PublicKey? Site)
{
    /// <summary>The fingerprint of <see cref="Own"/>.</summary>
    public KeyFingerprint OwnFingerprint => KeyFingerprint.Of(Own);

    /// <summary>The fingerprint of <see cref="Site"/>.</summary>
    public KeyFingerprint? SiteFingerprint => Site is null ? null : KeyFingerprint.Of(Site);

    /// <summary>Reads the signing requests of a participant.</summary>
    /// <exception cref="FormatException">One is not that participant's, or its signature is wrong.</exception>
    public static RequestedKeys Read(ParticipantId participant, byte[] own, byte[]? site) =>
        new(SigningRequest.Read(participant, own), site is null ? null : SigningRequest.Read(participant, site));
}
