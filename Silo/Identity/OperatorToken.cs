using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Silo.Identity;

/// <summary>
/// What an operator shows: <c>oe.NAME.SECRET</c>. The secret has 256 random bits, so its plain SHA-256 is kept, and tells nobody the secret.
/// </summary>
internal static class OperatorToken
{
    private const string Prefix = "oe.";
    private const int SecretBytes = 32;

    /// <summary>Makes a token.</summary>
    /// <returns>The token, which is nowhere else, and what is kept of it.</returns>
    public static (string Token, string Hash) Create(OperatorName name)
    {
        var token = $"{Prefix}{name}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return (token, HashOf(token));
    }

    /// <summary>Whose token a text is said to be; null if it is none.</summary>
    public static OperatorName? NameOf(string text)
    {
        var end = text.LastIndexOf('.');
        return text.StartsWith(Prefix, StringComparison.Ordinal) && end > Prefix.Length && text.Length - end - 1 == Base64Url.GetEncodedLength(SecretBytes)
            && IdentifierGrammar.IsSegment(text.AsSpan(Prefix.Length, end - Prefix.Length))
                ? OperatorName.Parse(text[Prefix.Length..end])
                : null;
    }

    /// <summary>What is kept of a token.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Whether a token is the one that was kept; takes as long whether or not it is.</summary>
    public static bool Matches(string token, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(token)), Encoding.ASCII.GetBytes(hash));
}
