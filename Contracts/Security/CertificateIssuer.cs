using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Security;

/// <summary>Makes certificates with the key of an authority or of a site.</summary>
/// <param name="certificate">The issuer's certificate, with its key (ECDSA or RSA).</param>
public sealed class CertificateIssuer(X509Certificate2 certificate)
{
    private const int SerialBytes = 16;
    private const string CurveOid = "1.2.840.10045.3.1.7";

    private static readonly HashAlgorithmName Hash = HashAlgorithmName.SHA256;

    /// <summary>Makes a federation's authority: ECDSA P-256, self-signed.</summary>
    /// <param name="name">For people.</param>
    /// <param name="now">The time.</param>
    public static X509Certificate2 CreateAuthority(string name, DateTimeOffset now)
    {
        using var key = CreateKey();
        var request = new CertificateRequest(Subject(name), key, Hash);
        AddIssuerExtensions(request);
        return request.CreateSelfSigned(now - CertificateLifetimes.ClockDifference, now + CertificateLifetimes.Authority);
    }

    /// <summary>Makes a key such as devices, sites and authorities have.</summary>
    public static ECDsa CreateKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Whether a key is of the kind that <see cref="CreateKey"/> makes.</summary>
    internal static bool IsUsual(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == CurveOid;

    /// <summary>Issues a site's certificate, with which it vouches for what is under its name.</summary>
    /// <param name="site">The site.</param>
    /// <param name="key">Its key.</param>
    /// <param name="now">The time.</param>
    /// <param name="renewed">The certificate that it had for that key; null for its first.</param>
    public X509Certificate2 IssueSite(ParticipantId site, PublicKey key, DateTimeOffset now, X509Certificate2? renewed = null)
    {
        var identity = CertificateIdentity.Of(CertificateRole.Site, site);
        var request = Request(identity, key, Names(identity));
        var isOfOldForm = renewed is not null && renewed.SubjectName.Name != request.SubjectName.Name;
        if (isOfOldForm)
        {
            // What it has issued bears the subject that it had.
            request = new CertificateRequest(renewed!.SubjectName, key, Hash);
            request.CertificateExtensions.Add(Names(identity).Build());
        }
        else
        {
            request.CertificateExtensions.Add(NameConstraints.Of(site));
        }

        AddIssuerExtensions(request);
        return Sign(request, now, CertificateLifetimes.Site);
    }

    /// <summary>Issues a silo's certificate, for both ends of connections.</summary>
    /// <param name="site">The site.</param>
    /// <param name="key">The silo's key.</param>
    /// <param name="hosts">Under which names and addresses it is reached, for programs that look at those.</param>
    /// <param name="now">The time.</param>
    public X509Certificate2 IssueSilo(ParticipantId site, PublicKey key, IEnumerable<string> hosts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        var identity = CertificateIdentity.Of(CertificateRole.Silo, site);
        var names = Names(identity);
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return IssueLeaf(identity, key, names, [CertificatePurpose.Client, CertificatePurpose.Server], now, CertificateLifetimes.Silo);
    }

    /// <summary>Issues the certificate of a device or an operator, which only connects.</summary>
    public X509Certificate2 IssueMember(CertificateIdentity identity, PublicKey key, DateTimeOffset now, TimeSpan lifetime) =>
        IssueLeaf(identity, key, Names(identity), [CertificatePurpose.Client], now, lifetime);

    private static X500DistinguishedName Subject(string name)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name.Length <= 64 ? name : name[..64]);
        subject.AddOrganizationName("OrleansEdge");
        return subject.Build();
    }

    private static SubjectAlternativeNameBuilder Names(CertificateIdentity identity)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(identity.ToString()));
        return names;
    }

    private static CertificateRequest Request(CertificateIdentity identity, PublicKey key, SubjectAlternativeNameBuilder names)
    {
        var request = new CertificateRequest(NameConstraints.SubjectOf(identity), key, Hash);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static void AddIssuerExtensions(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    private X509Certificate2 IssueLeaf(
        CertificateIdentity identity, PublicKey key, SubjectAlternativeNameBuilder names, IEnumerable<CertificatePurpose> purposes, DateTimeOffset now,
        TimeSpan lifetime)
    {
        var request = Request(identity, key, names);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purposes.Select(purpose => purpose.Usage())], critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        return Sign(request, now, lifetime);
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset now, TimeSpan lifetime)
    {
        request.CertificateExtensions.Add(certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any()
            ? X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false)
            : X509AuthorityKeyIdentifierExtension.CreateFromIssuerNameAndSerialNumber(certificate.IssuerName, certificate.SerialNumberBytes.Span));
        var end = now + lifetime;
        var issuerEnd = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] &= 0x7f;
        serial[0] |= 0x40;
        using var rsa = certificate.GetRSAPrivateKey();
        using var ecdsa = certificate.GetECDsaPrivateKey();
        var generator = ecdsa is not null ? X509SignatureGenerator.CreateForECDsa(ecdsa)
            : rsa is not null ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : throw new CryptographicException("The issuer's key is neither ECDSA nor RSA.");
        return request.Create(certificate.SubjectName, generator, now - CertificateLifetimes.ClockDifference, end < issuerEnd ? end : issuerEnd, serial);
    }
}
