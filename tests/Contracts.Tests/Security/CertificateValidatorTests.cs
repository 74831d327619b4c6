using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Contracts.Tests.Security;

public sealed class CertificateValidatorTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Device_of_the_site_is_who_its_certificate_names()
    {
        var certificate = _authority.Device("dev7");
        var peer = _authority.Judge(certificate).Peer!;
        Assert.Equal(CertificateIdentity.Parse("orleansedge://device/harbour/dev7"), peer.Identity);
        Assert.Equal(Thumbprint.Of(certificate), peer.Thumbprint);
        Assert.Equal(KeyFingerprint.Of(certificate), peer.Key);
        Assert.Equal(_authority.Now.AddDays(30), peer.NotAfter);
    }

    [Fact]
    public void Silo_may_be_at_either_end()
    {
        var silo = _authority.Silo();
        Assert.NotNull(_authority.Judge(silo, CertificatePurpose.Server).Peer);
        Assert.NotNull(_authority.Judge(silo, CertificatePurpose.Client).Peer);
    }

    [Fact]
    public void No_certificate_is_refused() => Refused(_authority.Judge(null), "no certificate was shown");

    [Fact]
    public void Other_authority_with_the_same_names_is_refused()
    {
        using var other = new TestAuthority();
        Refused(_authority.Judge(other.Device("dev7"), sent: other.SiteCertificate), "of 'harbour/dev7' is not of this federation: another authority issued it");
        Refused(_authority.Judge(other.Device("dev7"), CertificatePurpose.Client, null, other.SiteCertificate, other.Root), "is not of this federation");
    }

    [Fact]
    public void Self_signed_certificate_is_refused()
    {
        using var own = CertificateIssuer.CreateAuthority("me", _authority.Now);
        Refused(_authority.Judge(own), "is not of this federation");
    }

    [Theory]
    [InlineData(29, null)]
    [InlineData(31, "has expired")]
    [InlineData(-1, "set the clocks right")]
    public void Certificate_is_valid_for_its_time(int days, string? refusal)
    {
        var verdict = _authority.Judge(_authority.Device("dev7"), now: _authority.Now.AddDays(days));
        Assert.Equal(refusal is null, verdict.Peer is not null);
        Assert.Contains(refusal ?? "", verdict.Refusal ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Clock_that_is_a_little_behind_does_no_harm() =>
        Assert.NotNull(_authority.Judge(_authority.Device("dev7"), now: _authority.Now.AddMinutes(-50)).Peer);

    [Fact]
    public void Device_cannot_be_the_end_that_listens() =>
        Refused(_authority.Judge(_authority.Device("dev7"), CertificatePurpose.Server), "is not for the end that listens");

    [Fact]
    public void Device_cannot_vouch_for_others()
    {
        var device = _authority.Device("dev7");
        var forged = _authority.Issue(device, CertificateIdentity.Parse("orleansedge://device/harbour/dev8"));
        Assert.Null(_authority.Judge(forged, sent: device).Peer);
    }

    [Fact]
    public void Site_that_vouches_for_another_sites_device_is_refused()
    {
        var forged = _authority.Issue(_authority.SiteCertificate, CertificateIdentity.Parse("orleansedge://device/lake/dev7"));
        Refused(_authority.Judge(forged), "of 'lake/dev7' was issued by the site 'harbour', which may not vouch for that name");
    }

    [Fact]
    public void Site_below_vouches_for_its_own()
    {
        var quay = _authority.Below("harbour/quay");
        Assert.NotNull(_authority.Judge(_authority.Issue(quay, CertificateIdentity.Parse("orleansedge://device/harbour/quay/dev1")), sent: quay).Peer);
        Refused(
            _authority.Judge(_authority.Issue(quay, CertificateIdentity.Parse("orleansedge://device/harbour/dev1")), sent: quay), "may not vouch for that name");
        var lake = _authority.Below("lake");
        Refused(_authority.Judge(_authority.Issue(lake, CertificateIdentity.Parse("orleansedge://device/lake/dev1")), sent: lake), "may not vouch for that name");
    }

    [Fact]
    public void Site_far_below_vouches_for_its_own_and_for_nobody_else()
    {
        var below = _authority.Below("harbour/pier");
        var furthest = _authority.Issue(below, "harbour/pier/crane");
        var own = _authority.Issue(furthest, CertificateIdentity.Parse("orleansedge://device/harbour/pier/crane/dev7"));
        Assert.Equal("harbour/pier/crane", _authority.Judge(own, CertificatePurpose.Client, null, below, furthest).Peer!.Identity.Site.Value);

        foreach (var other in new[] { "harbour/pier/dev7", "harbour/dev7", "lake/dev7" })
        {
            var strange = _authority.Issue(furthest, CertificateIdentity.Parse($"orleansedge://device/{other}"));
            Refused(_authority.Judge(strange, CertificatePurpose.Client, null, below, furthest), "may not vouch for that name");
        }
    }

    [Fact]
    public void Constraint_holds_for_programs_that_know_nothing_of_our_names()
    {
        var strange = _authority.Issue(_authority.SiteCertificate, CertificateIdentity.Parse("orleansedge://device/lake/dev7"));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority.Root);
        chain.ChainPolicy.ExtraStore.Add(_authority.SiteCertificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _authority.Now.UtcDateTime;
        Assert.True(chain.Build(_authority.Device("dev7")));
        Assert.False(chain.Build(strange));
        Assert.Contains(chain.ChainStatus, status => status.Status == X509ChainStatusFlags.HasNotPermittedNameConstraint);
    }

    [Fact]
    public void Renewed_certificate_of_a_site_stands_behind_what_the_one_before_has_issued()
    {
        var device = _authority.Device("dev7");
        using var renewed = new CertificateIssuer(_authority.Root).IssueSite(
            _authority.Site, _authority.SiteCertificate.PublicKey, _authority.Now.AddDays(1), _authority.SiteCertificate);
        Assert.NotNull(CertificateValidator.Judge(device, [renewed], _authority.Authorities, CertificatePurpose.Client, _authority.Now.AddDays(2)).Peer);
    }

    [Fact]
    public void Renewed_certificate_of_a_site_keeps_the_subject_that_earlier_releases_gave_it()
    {
        using var key = CertificateIssuer.CreateKey();
        var old = new CertificateRequest("O=OrleansEdge, CN=harbour", key, HashAlgorithmName.SHA256);
        using var before = old.CreateSelfSigned(_authority.Now, _authority.Now.AddDays(1));
        using var renewed = new CertificateIssuer(_authority.Root).IssueSite(_authority.Site, new PublicKey(key), _authority.Now, before);
        Assert.Equal(before.SubjectName.RawData, renewed.SubjectName.RawData);
        Assert.Equal("harbour", CertificateValidator.IdentityOf(renewed)!.Name.Value);
    }

    [Fact]
    public void Device_straight_from_the_authority_is_refused() => Refused(
        _authority.Judge(_authority.Issue(_authority.Root, CertificateIdentity.Parse("orleansedge://device/harbour/dev7"))), "was not issued by a site");

    [Fact]
    public void Certificate_without_an_identity_is_refused()
    {
        using var key = CertificateIssuer.CreateKey();
        var request = new CertificateRequest("CN=harbour/dev7", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(_authority.SiteCertificate, _authority.Now, _authority.Now.AddDays(1), [1]);
        Refused(_authority.Judge(certificate), "does not name its holder");
    }

    [Fact]
    public void Authority_of_RSA_that_somebody_brings_can_issue()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=company", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = request.CreateSelfSigned(_authority.Now.AddDays(-1), _authority.Now.AddDays(365));
        using var key = CertificateIssuer.CreateKey();
        using var site = new CertificateIssuer(root).IssueSite(ParticipantId.Parse("harbour"), new PublicKey(key), _authority.Now);
        Assert.NotNull(CertificateValidator.Judge(site, [], [root], CertificatePurpose.Client, _authority.Now).Peer);
        Assert.Equal(root.NotAfter, site.NotAfter);
    }

    [Fact]
    public void Subject_of_a_stranger_is_repeated_in_short_and_commands_no_terminal()
    {
        using var key = CertificateIssuer.CreateKey();
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName($"\r\u001b[2J{new string('x', 50_000)}");
        using var stranger = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256).CreateSelfSigned(_authority.Now, _authority.Now.AddDays(1));

        var refusal = _authority.Judge(stranger).Refusal!;

        Assert.Contains("is not of this federation", refusal, StringComparison.Ordinal);
        Assert.InRange(refusal.Length, 1, 300);
        Assert.All(refusal, character => Assert.True(character == '\uFFFD' || PrintableText.IsPrintable(character)));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(-1)]
    public void Refusal_is_the_same_a_second_later_so_that_it_is_counted_with_the_first(int days)
    {
        var device = _authority.Device("dev7");
        var now = _authority.Now.AddDays(days);

        Assert.Equal(_authority.Judge(device, now: now).Refusal, _authority.Judge(device, now: now.AddSeconds(1)).Refusal);
    }

    private static void Refused(CertificateVerdict verdict, string sentence)
    {
        Assert.Null(verdict.Peer);
        Assert.Contains(sentence, verdict.Refusal, StringComparison.Ordinal);
    }
}
