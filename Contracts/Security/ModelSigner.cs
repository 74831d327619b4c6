using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security.Files;

namespace OrleansEdge.Contracts.Security;

/// <summary>Signs networks with the key of a site, so that participants run none but those that an operator has submitted there.</summary>
public static class ModelSigner
{
    internal const DSASignatureFormat Format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation;

    internal static readonly HashAlgorithmName Hash = HashAlgorithmName.SHA256;

    /// <summary>Signs a network.</summary>
    /// <param name="network">The hash of its TorchScript file.</param>
    /// <param name="signer">The site's certificate, with its key.</param>
    /// <param name="above">Those between it and the authority.</param>
    /// <exception cref="CertificateException">The certificate names nobody, or its key is of another kind.</exception>
    public static ModelSignature Sign(ContentHash network, X509Certificate2 signer, IEnumerable<X509Certificate2> above)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(above);
        using var key = signer.GetECDsaPrivateKey();
        return key is null || !CertificateIssuer.IsUsual(key) || CertificateValidator.IdentityOf(signer) is not { } identity
            ? throw new CertificateException($"'{signer.Subject}' cannot sign networks: it takes a site's certificate with a key of ECDSA on the curve P-256.")
            : new(key.SignData(TextOf(identity.Name, network), Hash, Format), [signer.RawData, .. above.Select(certificate => certificate.RawData)]);
    }

    /// <summary>
    /// What is signed. The site's key signs certificates, too: nothing else begins like this, so that no signature can be taken for another.
    /// </summary>
    internal static byte[] TextOf(ParticipantId signer, ContentHash network) => Encoding.UTF8.GetBytes($"orleansedge model v1\n{signer}\n{network}");
}
