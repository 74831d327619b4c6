using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Enrolment;

namespace OrleansEdge.Contracts.Security.Files;

/// <summary>
/// The certificates of a site that has enrolled at the one above it. What it vouches with is where any site has it; what it is to the site above,
/// and where that is, is in the folder <c>parent</c>.
/// </summary>
/// <param name="folder">The site's folder.</param>
public sealed class EnrolledSite(CertificateFolder folder)
{
    private const string ParentFolderName = "parent";

    /// <summary>What the site has as a participant of the one above it, laid out as a device's own folder is.</summary>
    public string ParentFolder => Path.Combine(folder.Path, ParentFolderName);

    private string AddressFile => Path.Combine(ParentFolder, "addresses");

    /// <summary>The site's key, which is made if there is none.</summary>
    /// <exception cref="CertificateException">It is damaged, or others can read it.</exception>
    public ECDsa OpenKey() => PrivateFiles.OpenOrMakeKey(folder.SiteKey);

    /// <summary>A request for the certificate with which the site vouches for its own.</summary>
    /// <param name="name">What the site is called at the one above it.</param>
    public byte[] CreateRequest(ParticipantId name)
    {
        using var key = OpenKey();
        return SigningRequest.Create(name, key);
    }

    /// <summary>When the site's certificate is to be renewed.</summary>
    /// <exception cref="CertificateException">It cannot be read.</exception>
    public DateTimeOffset ReadRenewal() => CertificateLifetimes.RenewalOf(PrivateFiles.ReadCertificates(folder.SiteFile)[0]);

    /// <summary>Keeps what the site above has sent, and makes the site's first operator if there is none.</summary>
    /// <param name="site">The site's full name, which the certificate must bear.</param>
    /// <param name="answer">What was sent.</param>
    /// <param name="trusted">The authorities that are trusted already: one of them stands behind the certificate, or the answer counts for nothing.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CertificateException">What was sent cannot be used, or the folder cannot be written.</exception>
    public void Keep(ParticipantId site, EnrolmentAnswer answer, X509Certificate2Collection trusted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(answer.SiteCertificate ?? []);
            var above = Load(answer.Intermediates);
            using var key = OpenKey();
            var verdict = CertificateValidator.Judge(certificate, above, trusted, null, now);
            if (verdict.Peer is null || verdict.Peer.Identity != CertificateIdentity.Of(CertificateRole.Site, site) || verdict.Peer.Key != KeyFingerprint.Of(new PublicKey(key)))
            {
                throw new CertificateException($"the site above sent a certificate that cannot be used: {verdict.Refusal ?? "it is for another site, or for another key"}.");
            }

            PrivateFiles.WritePublic(folder.AuthorityFile, PrivateFiles.ToPem(Load(answer.Authorities)));
            PrivateFiles.WritePublic(folder.SiteFile, PrivateFiles.ToPem([certificate, .. above]));
            if (!File.Exists(folder.OperatorFile(CertificateFolder.FirstOperator)))
            {
                folder.MakeOperator(CertificateFolder.FirstOperator, now);
            }
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"what the site above sent could not be kept in {folder.Path}: {exception.Message}", exception);
        }
    }

    /// <summary>Where the site above is; empty for a site that has not enrolled.</summary>
    /// <exception cref="CertificateException">The file is damaged.</exception>
    public IReadOnlyList<Uri> ReadAddresses() => !File.Exists(AddressFile)
        ? []
        : [.. File.ReadLines(AddressFile).Where(line => line.Length > 0).Select(line => Uri.TryCreate(line, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
            ? address
            : throw new CertificateException($"{AddressFile} holds '{line}', which is no address: write the address of a silo of the site above on each line, for example https://192.0.2.7:7400."))];

    /// <summary>Notes where the site above is.</summary>
    public void WriteAddresses(IEnumerable<Uri> addresses)
    {
        PrivateFiles.CreateFolder(ParentFolder);
        PrivateFiles.WritePublic(AddressFile, string.Concat(addresses.Select(address => $"{address.GetLeftPart(UriPartial.Authority)}\n")));
    }

    private static X509Certificate2Collection Load(IReadOnlyList<byte[]> certificates) => [.. certificates.Select(bytes => X509CertificateLoader.LoadCertificate(bytes))];
}
