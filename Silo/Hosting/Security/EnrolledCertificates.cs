using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Identity;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>
/// Whose certificate it is, for those who give out tokens and look at them. A certificate was shown on an HTTPS connection of this silo and found
/// valid there, or it is nobody's; so is one of another site of the federation, whose device or operator may have the same name.
/// </summary>
/// <param name="site">The full name of the site.</param>
/// <param name="recent">Certificates that were found valid.</param>
/// <param name="revocations">Those that must not be used any more.</param>
/// <param name="time">For their validity.</param>
internal sealed class EnrolledCertificates(ParticipantId site, RecentPeers recent, RevocationList revocations, TimeProvider time) : IEnrolledCertificates
{
    /// <inheritdoc/>
    public bool AreRequired => true;

    /// <inheritdoc/>
    public ValueTask<ParticipantId?> FindParticipant(Thumbprint certificate, CancellationToken cancellation) => new(Find(certificate, CertificateRole.Device)?.LocalName);

    /// <inheritdoc/>
    public ValueTask<string?> FindOperator(Thumbprint certificate, CancellationToken cancellation) => new(Find(certificate, CertificateRole.Operator)?.LocalName.Value);

    /// <inheritdoc/>
    public bool IsRevoked(Thumbprint certificate) =>
        revocations.Find(certificate) is not null || (recent.Find(certificate) is { } peer && revocations.Find(peer.Key) is not null);

    private CertificateIdentity? Find(Thumbprint certificate, CertificateRole role) =>
        recent.Find(certificate) is { } peer && peer.Identity.Role == role && peer.Identity.Site == site && peer.NotAfter > time.GetUtcNow() && !IsRevoked(certificate)
            ? peer.Identity
            : null;
}
