using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.Grains.Enrolment;

namespace OrleansEdge.Grains.Tests.Enrolment;

/// <summary>Issues certificates as a site does, under an authority in memory.</summary>
internal sealed class TestIssuer(TestAuthority authority) : IDeviceIssuer
{
    public ParticipantId Site => authority.Site;

    public ImmutableArray<byte[]> Authorities => [authority.Root.RawData];

    public ImmutableArray<byte[]> Intermediates => [authority.SiteCertificate.RawData];

    public Thumbprint Pin => Thumbprint.Of(authority.Root);

    public X509Certificate2 Issue(ParticipantId participant, PublicKey key, DateTimeOffset now, TimeSpan lifetime) =>
        new CertificateIssuer(authority.SiteCertificate).IssueMember(CertificateIdentity.Of(CertificateRole.Device, Site, participant), key, now, lifetime);

    public X509Certificate2 IssueSite(ParticipantId participant, PublicKey key, DateTimeOffset now) =>
        new CertificateIssuer(authority.SiteCertificate).IssueSite(ParticipantId.Parse($"{Site}/{participant}"), key, now);
}
