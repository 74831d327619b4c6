using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Security.Enrolment;

/// <summary>Certificate signing requests, which prove that whoever asks has the key: PKCS #10.</summary>
public static class SigningRequest
{
    private const int LongestRequest = 4096;

    /// <summary>Makes a request.</summary>
    /// <param name="participant">Who asks.</param>
    /// <param name="key">Its key.</param>
    public static byte[] Create(ParticipantId participant, ECDsa key) =>
        new CertificateRequest(SubjectOf(participant), key, HashAlgorithmName.SHA256).CreateSigningRequest();

    /// <summary>Reads a request of <paramref name="participant"/> and checks its signature. Nothing but the key is taken from it.</summary>
    /// <exception cref="FormatException">It cannot be read, is another's, its signature is wrong, or its key is of another kind.</exception>
    public static PublicKey Read(ParticipantId participant, byte[]? request)
    {
        try
        {
            if (request is not { Length: > 0 and <= LongestRequest })
            {
                throw new FormatException("the request for a certificate is empty or too long.");
            }

            var read = CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.Default, RSASignaturePadding.Pkcs1);
            using var key = read.PublicKey.GetECDsaPublicKey();
            return key is null || !CertificateIssuer.IsUsual(key)
                ? throw new FormatException("the request for a certificate has a key of another kind: use ECDSA with the curve P-256.")
                : read.SubjectName.Name != SubjectOf(participant).Name
                ? throw new FormatException($"the request for a certificate names somebody else than '{participant}'.")
                : read.PublicKey;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new FormatException("the request for a certificate cannot be read, or its signature is wrong.", exception);
        }
    }

    private static X500DistinguishedName SubjectOf(ParticipantId participant)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(participant.Value);
        return subject.Build();
    }
}
