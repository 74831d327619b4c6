using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansEdge.Contracts.Security;

/// <summary>The SHA-256 of a certificate, in 64 lower-case hexadecimal digits. A renewed certificate has another one.</summary>
public readonly record struct Thumbprint
{
    private Thumbprint(string hex) => Hex = hex;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>The thumbprint of a certificate.</summary>
    public static Thumbprint Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new(Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span)));
    }

    /// <summary>The thumbprint of these bytes.</summary>
    /// <param name="hash">32 bytes.</param>
    public static Thumbprint FromHash(ReadOnlySpan<byte> hash) => Parse(Convert.ToHexStringLower(hash));

    /// <summary>The 32 bytes.</summary>
    public byte[] ToHash() => Convert.FromHexString(Hex);

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static Thumbprint Parse(string? text) => new(Sha256Text.Require(text, "thumbprint of a certificate"));

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
