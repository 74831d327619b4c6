using System.Security.Cryptography;

namespace OrleansEdge.Contracts.Identifiers;

/// <summary>The SHA-256 of some content, in 64 lower-case hexadecimal digits: the name under which the content is stored.</summary>
[Immutable, Alias(Aliases.ContentHash)]
public readonly record struct ContentHash
{
    private const int Digits = 2 * SHA256.HashSizeInBytes;

    private ContentHash(string hex) => Hex = hex;

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>Hashes <paramref name="content"/>.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> content) => FromBytes(SHA256.HashData(content));

    /// <summary>Takes a finished SHA-256, 32 bytes.</summary>
    public static ContentHash FromBytes(ReadOnlySpan<byte> hash) => hash.Length == SHA256.HashSizeInBytes
        ? new(Convert.ToHexStringLower(hash))
        : throw new ArgumentException($"A SHA-256 has {SHA256.HashSizeInBytes} bytes, not {hash.Length}.", nameof(hash));

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static ContentHash Parse(string? text) => text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower)
        ? new(text)
        : throw new FormatException($"A content hash has {Digits} lower-case hexadecimal digits.");

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
