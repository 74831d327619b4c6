using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Identity;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>
/// Whose certificate it is, for those who give out tokens and look at them. A certificate was shown on an HTTPS connection of this silo and found
/// valid there, or it is nobody's.
/// </summary>
internal sealed class EnrolledCertificates(RecentPeers recent, RevocationList revocations, TimeProvider time) : IEnrolledCertificates
{
    /// <inheritdoc/>
    public bool AreRequired => true;

    /// <inheritdoc/>
    public ValueTask<ParticipantId?> FindParticipant(string thumbprint, CancellationToken cancellation) => new(Find(thumbprint, CertificateRole.Device)?.LocalName);

    /// <inheritdoc/>
    public ValueTask<string?> FindOperator(string thumbprint, CancellationToken cancellation) => new(Find(thumbprint, CertificateRole.Operator)?.LocalName.Value);

    /// <inheritdoc/>
    public bool IsRevoked(string thumbprint)
    {
        var certificate = Thumbprint.Parse(thumbprint);
        return revocations.Find(certificate) is not null || (recent.Find(certificate) is { } peer && revocations.Find(peer.Key) is not null);
    }

    private CertificateIdentity? Find(string thumbprint, CertificateRole role) =>
        recent.Find(Thumbprint.Parse(thumbprint)) is { } peer && peer.Identity.Role == role && peer.NotAfter > time.GetUtcNow() && !IsRevoked(thumbprint)
            ? peer.Identity
            : null;
}
