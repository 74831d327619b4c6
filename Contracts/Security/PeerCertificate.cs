namespace OrleansEdge.Contracts.Security;

/// <summary>A certificate that has been found valid, of whoever is at the other end of a connection.</summary>
/// <param name="Identity">Whom it names.</param>
/// <param name="Thumbprint">Which certificate it is.</param>
/// <param name="Key">Which key it is for; the same in the holder's next certificate.</param>
/// <param name="NotAfter">When it expires.</param>
public sealed record PeerCertificate(CertificateIdentity Identity, Thumbprint Thumbprint, KeyFingerprint Key, DateTimeOffset NotAfter);
