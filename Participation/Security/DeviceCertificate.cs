using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;

namespace OrleansEdge.Participation.Security;

/// <summary>Looks at a certificate that a site has sent before a device keeps it.</summary>
internal static class DeviceCertificate
{
    /// <summary>Keeps the certificate of an answer.</summary>
    /// <param name="files">Where.</param>
    /// <param name="identity">Whom it must name.</param>
    /// <param name="answer">What the site has sent.</param>
    /// <param name="trusted">The authorities that the device trusts already: one of them stands behind the certificate, or the answer counts for nothing.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Why it is not kept; null when it is.</returns>
    public static string? Keep(DeviceFiles files, CertificateIdentity identity, EnrolmentAnswer answer, X509Certificate2Collection trusted, TimeProvider time)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(answer.Certificate ?? []);
            var intermediates = Load(answer.Intermediates);
            using var key = files.OpenKey();
            var verdict = CertificateValidator.Judge(certificate, intermediates, trusted, CertificatePurpose.Client, time.GetUtcNow());
            if (verdict.Peer is null)
            {
                return verdict.Refusal;
            }

            if (verdict.Peer.Identity != identity || verdict.Peer.Key != KeyFingerprint.Of(new PublicKey(key)))
            {
                return $"it is for '{verdict.Peer.Identity.Name}', or for another key";
            }

            // A federation whose authority is about to be replaced names the next one, too.
            files.Save(certificate, intermediates, Load(answer.Authorities));
            return null;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return exception.Message;
        }
    }

    /// <summary>Reads certificates, DER.</summary>
    /// <exception cref="CryptographicException">One is none.</exception>
    public static X509Certificate2Collection Load(IReadOnlyList<byte[]> certificates) => [.. certificates.Select(bytes => X509CertificateLoader.LoadCertificate(bytes))];
}
