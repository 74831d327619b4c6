using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;

namespace OrleansEdge.Contracts.Tests.Security;

/// <summary>Whose networks a participant runs.</summary>
public sealed class ModelSignatureTests : IDisposable
{
    private static readonly ContentHash Network = ContentHash.Of([1]);

    private readonly TestAuthority _authority = new();

    public static TheoryData<string> Damages => ["value", "no value", "chain", "no chain", "long chain", "large certificate", "no certificate", "garbage", "cut certificate"];

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("harbour")]
    [InlineData("harbour/pier")]
    [InlineData("harbour/pier/crane")]
    public void Network_that_the_participants_site_or_one_above_it_has_signed_is_run(string site) =>
        Assert.Null(Refuse(Signed(_authority.SiteCertificate), site));

    [Theory]
    [InlineData("harbour/pier", null)]
    [InlineData("harbour/pier/crane", null)]
    [InlineData("harbour", "the site 'harbour/pier' has signed it")]
    [InlineData("harbour/quay", "the site 'harbour/pier' has signed it")]
    [InlineData("harbour/pier-2", "the site 'harbour/pier' has signed it")]
    public void Network_that_a_site_further_down_has_signed_is_run_there_and_nowhere_else(string site, string? refusal) =>
        Expect(refusal, Refuse(Signed(_authority.Below("harbour/pier"), _authority.SiteCertificate), site));

    [Fact]
    public void Network_that_a_neighbour_has_signed_is_refused_with_one_sentence() => Assert.Equal(
        "the network 'lenet.pt' is not signed by the site 'harbour' or one above it (the site 'lake' has signed it): submit the file there, in a new job.",
        Refuse(Signed(_authority.Issue(_authority.Root, "lake"))));

    [Fact]
    public void Built_in_network_needs_no_signature_and_a_file_without_one_is_refused()
    {
        Assert.Null(Refuse(new("cnn", null)));
        Expect("it bears no signature", Refuse(new("lenet.pt", Network)));
    }

    [Fact]
    public void Signature_of_another_network_or_site_or_key_is_refused()
    {
        const string sentence = "its signature is of another network, or by another key";
        var signed = Signed(_authority.SiteCertificate);
        Expect(sentence, Refuse(signed with { TorchScript = ContentHash.Of([2]) }));

        var lake = Signed(_authority.Issue(_authority.Root, "lake")).Signature!;
        Expect(sentence, Refuse(signed with { Signature = new(lake.Value, signed.Signature!.Chain) }));

        // The same key, and the name of another site: what was signed at one is not signed at the other.
        using var renamed = new CertificateIssuer(_authority.Root).IssueSite(ParticipantId.Parse("lake"), _authority.SiteCertificate.PublicKey, _authority.Now);
        Expect(sentence, Refuse(signed with { Signature = signed.Signature with { Chain = [renamed.RawData] } }, "lake"));
    }

    [Fact]
    public void Signer_of_another_federation_is_refused()
    {
        using var other = new TestAuthority();
        Expect("is not of this federation: another authority issued it", Refuse(Signed(other.SiteCertificate, other.Root)));
    }

    [Fact]
    public void Device_silo_and_operator_cannot_sign()
    {
        foreach (var member in new[] { _authority.Device("dev7"), _authority.Silo(), _authority.Operator("ada") })
        {
            Expect("has signed it, and only sites may", Refuse(Signed(member, _authority.SiteCertificate)));
        }

        var device = _authority.Device("dev7");
        Assert.NotNull(Refuse(Signed(_authority.Issue(device, "harbour"), device, _authority.SiteCertificate)));
    }

    [Fact]
    public void Network_stays_signed_when_the_certificates_behind_it_have_expired_or_are_younger()
    {
        var pier = _authority.Below("harbour/pier");
        var later = _authority.Now.AddDays(700);
        using var renewed = new CertificateIssuer(_authority.Root).IssueSite(_authority.Site, _authority.SiteCertificate.PublicKey, later, _authority.SiteCertificate);
        Assert.NotNull(CertificateValidator.Judge(pier, [renewed], _authority.Authorities, null, later.AddDays(100)).Refusal);
        Assert.NotNull(CertificateValidator.Judge(pier, [renewed], _authority.Authorities, null, _authority.Now).Refusal);

        Assert.Null(Refuse(Signed(pier, renewed), "harbour/pier"));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damaged_signature_is_refused(string damage)
    {
        var signed = Signed(_authority.SiteCertificate).Signature!;
        var site = signed.Chain[0];
        var damaged = damage switch
        {
            "value" => signed with { Value = signed.Value[1..] },
            "no value" => signed with { Value = null! },
            "chain" => signed with { Chain = [] },
            "no chain" => signed with { Chain = default },
            "long chain" => signed with { Chain = [.. Enumerable.Repeat(site, 9)] },
            "large certificate" => signed with { Chain = [site, new byte[5000]] },
            "no certificate" => signed with { Chain = [site, null!] },
            "garbage" => signed with { Chain = [site, [0x30, 0x03, 1, 2, 3]] },
            _ => signed with { Chain = [site[..^1]] },
        };

        Expect("(its signature is damaged)", Refuse(new("lenet.pt", Network) { Signature = damaged }));
    }

    [Fact]
    public void Key_of_another_kind_neither_signs_nor_is_believed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var certificate = new CertificateIssuer(_authority.Root).IssueSite(_authority.Site, new PublicKey(key), _authority.Now);
        using var site = certificate.CopyWithPrivateKey(key);

        Assert.Contains("cannot sign networks", Assert.Throws<CertificateException>(() => Signed(site)).Message, StringComparison.Ordinal);
        Expect("by another key", Refuse(new("lenet.pt", Network) { Signature = new(new byte[64], [site.RawData]) }));

        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=company", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var company = request.CreateSelfSigned(_authority.Now, _authority.Now.AddDays(1));
        Assert.Throws<CertificateException>(() => Signed(company));
    }

    [Fact]
    public void Sources_with_the_same_bytes_are_the_same()
    {
        var signed = Signed(_authority.SiteCertificate);
        var copy = signed with { Signature = new([.. signed.Signature!.Value], [.. signed.Signature.Chain.Select(certificate => certificate.ToArray())]) };
        Assert.Equal(signed, copy);
        Assert.Equal(signed.GetHashCode(), copy.GetHashCode());
        Assert.NotEqual(signed, copy with { Signature = null });
        Assert.NotEqual(signed, copy with { Signature = copy.Signature! with { Chain = ImmutableArray<byte[]>.Empty } });
        Assert.NotEqual(signed, copy with { Signature = copy.Signature! with { Chain = default } });
        Assert.NotEqual(signed, copy with { Signature = copy.Signature! with { Value = new byte[64] } });
    }

    private static ModelSource Signed(X509Certificate2 signer, params X509Certificate2[] above) =>
        new("lenet.pt", Network) { Signature = ModelSigner.Sign(Network, signer, above) };

    private static void Expect(string? refusal, string? actual)
    {
        Assert.Equal(refusal is null, actual is null);
        Assert.Contains(refusal ?? "", actual ?? "", StringComparison.Ordinal);
    }

    private string? Refuse(ModelSource source, string site = "harbour") =>
        ModelSignatureValidator.Refuse(source, ParticipantId.Parse(site), _authority.Authorities);
}
