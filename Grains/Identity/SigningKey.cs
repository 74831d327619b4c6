using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace OrleansEdge.Grains.Identity;

/// <summary>
/// Keys that sign tokens: ECDSA over P-256. A key's id is the first half of the SHA-256 of its public part, so that nobody can put another in its
/// place; it goes with every call, and the rest would add nothing.
/// </summary>
internal static class SigningKey
{
    /// <summary>In bytes.</summary>
    private const int IdLength = 16;

    /// <summary>Makes a key.</summary>
    public static ECDsaSecurityKey Create()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(key) { KeyId = IdOf(key.ExportSubjectPublicKeyInfo()) };
    }

    /// <summary>The public half, as it is published.</summary>
    public static byte[] Export(ECDsaSecurityKey key) => key.ECDsa.ExportSubjectPublicKeyInfo();

    /// <summary>Reads a public half; null if it is none, or not the one of this id.</summary>
    public static ECDsaSecurityKey? Import(string id, ReadOnlySpan<byte> bytes)
    {
        if (IdOf(bytes) != id)
        {
            return null;
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(bytes, out _);
            return new(key) { KeyId = id };
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    private static string IdOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, IdLength));
}
