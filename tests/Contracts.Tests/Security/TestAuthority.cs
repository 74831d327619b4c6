using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Contracts.Tests.Security;

/// <summary>An authority with one site, in memory.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly List<X509Certificate2> _certificates = [];
    private readonly CertificateIssuer _issuer;

    public TestAuthority(string site = "harbour", DateTimeOffset? now = null)
    {
        Now = now ?? new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        Site = ParticipantId.Parse(site);
        Root = Keep(CertificateIssuer.CreateAuthority("test authority", Now));
        SiteCertificate = WithKey((key, root) => root.IssueSite(Site, key, Now), new(Root));
        _issuer = new(SiteCertificate);
    }

    public DateTimeOffset Now { get; }

    public ParticipantId Site { get; }

    public X509Certificate2 Root { get; }

    /// <summary>What a site vouches with, with its key.</summary>
    public X509Certificate2 SiteCertificate { get; }

    public X509Certificate2Collection Authorities => [Root];

    public X509Certificate2Collection Intermediates => [SiteCertificate];

    public X509Certificate2 Device(string id, TimeSpan? lifetime = null) => Member(CertificateRole.Device, id, lifetime);

    public X509Certificate2 Operator(string name, TimeSpan? lifetime = null) => Member(CertificateRole.Operator, name, lifetime);

    public X509Certificate2 Silo() => WithKey((key, issuer) => issuer.IssueSilo(Site, key, ["127.0.0.1", "localhost"], Now));

    /// <summary>The certificate of a site below, whatever its name.</summary>
    public X509Certificate2 Below(string site) => WithKey((key, issuer) => issuer.IssueSite(ParticipantId.Parse(site), key, Now));

    /// <summary>Any member that any issuer vouches for.</summary>
    public X509Certificate2 Issue(X509Certificate2 issuer, CertificateIdentity identity, TimeSpan? lifetime = null) =>
        WithKey((key, with) => with.IssueMember(identity, key, Now, lifetime ?? TimeSpan.FromDays(30)), new(issuer));

    /// <summary>A site's certificate that any site vouches for.</summary>
    public X509Certificate2 Issue(X509Certificate2 issuer, string site) =>
        WithKey((key, with) => with.IssueSite(ParticipantId.Parse(site), key, Now), new(issuer));

    public CertificateVerdict Judge(
        X509Certificate2? certificate, CertificatePurpose purpose = CertificatePurpose.Client, DateTimeOffset? now = null, params X509Certificate2[] sent) =>
        CertificateValidator.Judge(certificate, [.. Intermediates, .. sent], Authorities, purpose, now ?? Now);

    public PeerCertificate Peer(X509Certificate2 certificate) => Judge(certificate).Peer ?? throw new InvalidOperationException(Judge(certificate).Refusal);

    public void Dispose() => _certificates.ForEach(certificate => certificate.Dispose());

    private X509Certificate2 Member(CertificateRole role, string name, TimeSpan? lifetime) => WithKey(
        (key, issuer) => issuer.IssueMember(CertificateIdentity.Of(role, Site, ParticipantId.Parse(name)), key, Now, lifetime ?? TimeSpan.FromDays(30)));

    private X509Certificate2 WithKey(Func<PublicKey, CertificateIssuer, X509Certificate2> issue, CertificateIssuer? issuer = null)
    {
        using var key = CertificateIssuer.CreateKey();
        using var certificate = issue(PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _), issuer ?? _issuer);
        return Keep(certificate.CopyWithPrivateKey(key));
    }

    private X509Certificate2 Keep(X509Certificate2 certificate)
    {
        _certificates.Add(certificate);
        return certificate;
    }
}
