using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansEdge.Contracts.Security;

/// <summary>
/// The SHA-256 of a public key (its SubjectPublicKeyInfo), in 64 lower-case hexadecimal digits. A device keeps its key, so this stays the same
/// when its certificate is renewed.
/// </summary>
public readonly record struct KeyFingerprint
{
    private KeyFingerprint(string hex) => Hex = hex;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>The fingerprint of a certificate's key.</summary>
    public static KeyFingerprint Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Of(certificate.PublicKey);
    }

    /// <summary>The fingerprint of a key.</summary>
    public static KeyFingerprint Of(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())));
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static KeyFingerprint Parse(string? text) => new(Sha256Text.Require(text, "fingerprint of a key"));

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
