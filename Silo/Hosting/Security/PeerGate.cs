using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Connections;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Grains.Enrolment;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>Who may come in at one of the silo's ports.</summary>
/// <param name="name">What the port is, for messages.</param>
/// <param name="roles">Whom it is for.</param>
/// <param name="certificates">Whose site it is.</param>
/// <param name="revocations">Who was shut out.</param>
/// <param name="connections">Where connections are kept while they are open.</param>
/// <param name="log">Where refusals go.</param>
internal sealed class PeerGate(
    string name, ImmutableArray<CertificateRole> roles, SiteCertificates certificates, RevocationList revocations, LiveConnections connections,
    RefusalLog log) : IPeerGate
{
    /// <inheritdoc/>
    public IDisposable Enter(PeerCertificate peer, ConnectionContext connection) => connections.Enter(peer, connection);

    /// <inheritdoc/>
    public string? Refuse(PeerCertificate peer) => revocations.Find(peer.Key) is { } revocation
        ? revocation.Sentence
        : !roles.Contains(peer.Identity.Role)
        ? $"'{peer.Identity.Name}' has no business at the {name} of this site: a certificate of another kind is needed"
        : peer.Identity.Site == certificates.Site
        ? null
        : $"'{peer.Identity.Name}' belongs to another site than '{certificates.Site}': connect to its own";

    /// <inheritdoc/>
    public void OnRefused(EndPoint? from, PeerCertificate? peer, string sentence) => log.Refused(name, from, peer?.Identity.Name, sentence);
}
