namespace OrleansEdge.Contracts.Security.Transport;

/// <summary>Who is at the other end: a feature of a secured connection, at the end that listens.</summary>
/// <param name="Certificate">The certificate, which has been found valid.</param>
public sealed record ConnectionPeer(PeerCertificate Certificate);
