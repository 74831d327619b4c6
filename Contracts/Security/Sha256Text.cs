using System.Security.Cryptography;

namespace OrleansEdge.Contracts.Security;

/// <summary>How a SHA-256 is written.</summary>
internal static class Sha256Text
{
    private const int Digits = 2 * SHA256.HashSizeInBytes;

    /// <summary>Returns <paramref name="text"/>, or throws a sentence that names what it should be.</summary>
    /// <exception cref="FormatException">It is no SHA-256.</exception>
    public static string Require(string? text, string noun) => text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower)
        ? text
        : throw new FormatException($"The {noun} has {Digits} lower-case hexadecimal digits.");
}
