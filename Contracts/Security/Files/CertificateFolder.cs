using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Contracts.Security.Files;

/// <summary>
/// The folder with a site's certificates: the authority's (<c>authority.pem</c>, and its key while it is kept here), the site's own
/// (<c>site.pem</c>), and those of operators. A silo makes its own from the site's at start.
/// </summary>
/// <param name="Path">Where it is.</param>
public sealed record CertificateFolder(string Path)
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "ORLEANSEDGE_CERTIFICATES";

    /// <summary>The operator that comes with a new site.</summary>
    public static readonly ParticipantId FirstOperator = ParticipantId.Parse("admin");

    /// <summary>The federation's authorities.</summary>
    public string AuthorityFile => In("authority.pem");

    /// <summary>The authority's key, needed only to make sites.</summary>
    public string AuthorityKey => In("authority.key");

    /// <summary>The site's certificate, and those between it and the authority.</summary>
    public string SiteFile => In("site.pem");

    /// <summary>The site's key.</summary>
    public string SiteKey => In("site.key");

    /// <summary>An operator's certificate, and those between it and the authority.</summary>
    public string OperatorFile(ParticipantId name) => In($"operator-{name}.pem");

    /// <summary>An operator's key.</summary>
    public string OperatorKey(ParticipantId name) => In($"operator-{name}.key");

    /// <summary>Makes an authority, a site under it and its first operator. What is there already stays, so that the command can be repeated.</summary>
    /// <param name="site">The site.</param>
    /// <param name="authority">An authority that exists, with its key; null to make one, or to use the one in the folder.</param>
    /// <param name="now">The time.</param>
    /// <returns>What was made, a line each.</returns>
    /// <exception cref="CertificateException">The folder holds another site's, or cannot be written.</exception>
    public IReadOnlyList<string> Init(SiteName site, X509Certificate2? authority, DateTimeOffset now)
    {
        try
        {
            PrivateFiles.CreateFolder(Path);
            var made = new List<string>();
            var name = ParticipantId.Parse(site.Value);
            if (!File.Exists(SiteFile))
            {
                using var root = authority is null ? OpenOrMakeAuthority(now, made) : new X509Certificate2(authority);
                MakeSite(name, root, now, made);
            }

            if (!File.Exists(OperatorFile(FirstOperator)))
            {
                MakeOperator(FirstOperator, now);
                made.Add($"{OperatorFile(FirstOperator)}: the operator '{FirstOperator}', for the commands");
            }

            using var certificates = SiteCertificateFiles.Read(this);
            return certificates.Name == name
                ? made
                : throw new CertificateException($"{Path} holds the certificates of the site '{certificates.Name}': give '{site}' a folder of its own.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"the folder {Path} cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Makes an operator's certificate with the site's key.</summary>
    public void MakeOperator(ParticipantId name, DateTimeOffset now)
    {
        using var site = SiteCertificateFiles.Read(this);
        using var key = CertificateIssuer.CreateKey();
        using var certificate = new CertificateIssuer(site.Certificate).IssueMember(
            CertificateIdentity.Of(CertificateRole.Operator, site.Name, name), new PublicKey(key), now, CertificateLifetimes.Operator);
        PrivateFiles.WriteSecret(OperatorKey(name), key.ExportPkcs8PrivateKeyPem());
        PrivateFiles.WritePublic(OperatorFile(name), PrivateFiles.ToPem([certificate, .. site.Chain]));
    }

    /// <summary>Gives the site a new certificate for its key.</summary>
    /// <returns>Until when it is valid.</returns>
    public DateTimeOffset RenewSite(X509Certificate2 authority, DateTimeOffset now)
    {
        using var site = SiteCertificateFiles.Read(this);
        using var certificate = new CertificateIssuer(authority).IssueSite(site.Name, site.Certificate.PublicKey, now, site.Certificate);
        PrivateFiles.WritePublic(SiteFile, PrivateFiles.ToPem([certificate]));
        return new(certificate.NotAfter.ToUniversalTime());
    }

    private X509Certificate2 OpenOrMakeAuthority(DateTimeOffset now, List<string> made)
    {
        if (File.Exists(AuthorityFile))
        {
            return PrivateFiles.ReadWithKey(AuthorityFile, AuthorityKey).Certificate;
        }

        var root = CertificateIssuer.CreateAuthority("OrleansEdge authority", now);
        using var key = root.GetECDsaPrivateKey()!;
        PrivateFiles.WriteSecret(AuthorityKey, key.ExportPkcs8PrivateKeyPem());
        made.Add($"{AuthorityKey}: the authority's key; keep a copy offline, and take it away from here once all sites are made");
        return root;
    }

    private void MakeSite(ParticipantId name, X509Certificate2 root, DateTimeOffset now, List<string> made)
    {
        if (root.SubjectName.Name != root.IssuerName.Name || !root.Extensions.OfType<X509BasicConstraintsExtension>().Any(basic => basic.CertificateAuthority))
        {
            throw new CertificateException($"'{root.Subject}' cannot be a federation's authority: it must be self-signed, and be one that may issue others (CA:TRUE).");
        }

        if (File.Exists(AuthorityFile) && PrivateFiles.ReadCertificates(AuthorityFile).All(known => Thumbprint.Of(known) != Thumbprint.Of(root)))
        {
            throw new CertificateException($"{AuthorityFile} is another authority than '{root.Subject}': give the site a folder of its own.");
        }

        using var key = CertificateIssuer.CreateKey();
        using var certificate = new CertificateIssuer(root).IssueSite(name, new PublicKey(key), now);
        if (!File.Exists(AuthorityFile))
        {
            PrivateFiles.WritePublic(AuthorityFile, PrivateFiles.ToPem([root]));
            made.Add($"{AuthorityFile}: the authority's certificate, SHA-256 {Thumbprint.Of(root)}");
        }

        PrivateFiles.WriteSecret(SiteKey, key.ExportPkcs8PrivateKeyPem());
        PrivateFiles.WritePublic(SiteFile, PrivateFiles.ToPem([certificate]));
        made.Add($"{SiteFile}: the site '{name}', which vouches for its silos, devices and operators");
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
