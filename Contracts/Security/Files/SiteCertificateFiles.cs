using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Contracts.Security.Files;

/// <summary>A site's certificates as they are in its folder.</summary>
public sealed class SiteCertificateFiles : IDisposable
{
    private SiteCertificateFiles(X509Certificate2 certificate, X509Certificate2Collection chain, X509Certificate2Collection authorities, ParticipantId name)
    {
        Certificate = certificate;
        Chain = chain;
        Authorities = authorities;
        Name = name;
    }

    /// <summary>The site's certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The site's certificate, without its key, and those between it and the authority.</summary>
    public X509Certificate2Collection Chain { get; }

    /// <summary>The federation's authorities.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>The site's full name.</summary>
    public ParticipantId Name { get; }

    /// <summary>Reads a folder.</summary>
    /// <exception cref="CertificateException">Something is missing or damaged, or is no site's.</exception>
    public static SiteCertificateFiles Read(CertificateFolder folder)
    {
        if (!File.Exists(folder.SiteFile))
        {
            throw new CertificateException($"there is no site's certificate in {folder.Path}: make it with 'certs init --folder {folder.Path}'.");
        }

        var authorities = PrivateFiles.ReadCertificates(folder.AuthorityFile);
        var (certificate, rest) = PrivateFiles.ReadWithKey(folder.SiteFile, folder.SiteKey);
        return CertificateValidator.IdentityOf(certificate) is { Role: CertificateRole.Site } identity
            ? new(certificate, [X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span), .. rest], authorities, identity.Name)
            : throw new CertificateException($"{folder.SiteFile} is no site's certificate: it must name orleansedge://site/NAME.");
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => Certificate.Dispose();
}
