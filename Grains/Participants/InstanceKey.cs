using System.Security.Cryptography;
using System.Text;

namespace OrleansEdge.Grains.Participants;

/// <summary>What proves that an installation owns its id where there are no certificates: 64 hexadecimal digits that it drew itself.</summary>
internal static class InstanceKey
{
    private const int Length = 2 * SHA256.HashSizeInBytes;

    /// <summary>Whether a text can be one.</summary>
    public static bool IsOne(string? text) => text is { Length: Length } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>What the site keeps of it: its SHA-256, in hexadecimal.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
