using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Security.Enrolment;

/// <summary>
/// What a device is given so that it can enrol: <c>oe1.harbour.…</c>. It names the site, pins the federation's authority by its fingerprint, and
/// holds a secret that is sent only to a silo of that site under that authority.
/// </summary>
/// <remarks>After the site's name come 68 bytes in base64url: fingerprint 32, id 16, secret 16, and 4 of the SHA-256 of all before, against slips.</remarks>
public sealed record InvitationCode
{
    /// <summary>The length of an invitation's id and of its secret, in bytes.</summary>
    public const int PartLength = 16;

    private const string Version = "oe1";
    private const int CheckLength = 4;
    private const int BodyLength = SHA256.HashSizeInBytes + PartLength + PartLength;
    private const int LongestText = 512;

    private readonly byte[] _body;

    private InvitationCode(ParticipantId site, byte[] body)
    {
        Site = site;
        _body = body;
    }

    /// <summary>The full name of the site.</summary>
    public ParticipantId Site { get; }

    /// <summary>The authority's certificate.</summary>
    public Thumbprint Authority => Thumbprint.Parse(Convert.ToHexStringLower(_body.AsSpan(0, SHA256.HashSizeInBytes)));

    /// <summary>Which invitation it is: 32 lower-case hexadecimal digits.</summary>
    public string Id => Convert.ToHexStringLower(_body.AsSpan(SHA256.HashSizeInBytes, PartLength));

    /// <summary>The secret, in lower-case hexadecimal digits.</summary>
    public string Secret => Convert.ToHexStringLower(_body.AsSpan(SHA256.HashSizeInBytes + PartLength));

    /// <summary>Makes a code.</summary>
    /// <param name="site">The full name of the site.</param>
    /// <param name="authority">The authority's certificate.</param>
    /// <param name="id">Which invitation: <see cref="PartLength"/> bytes.</param>
    /// <param name="secret">The secret: <see cref="PartLength"/> bytes.</param>
    public static InvitationCode Create(ParticipantId site, Thumbprint authority, ReadOnlySpan<byte> id, ReadOnlySpan<byte> secret) =>
        id.Length == PartLength && secret.Length == PartLength
            ? new(site, [.. Convert.FromHexString(authority.Hex), .. id, .. secret])
            : throw new ArgumentException($"The id and the secret of an invitation have {PartLength} bytes each.");

    /// <summary>Reads a code.</summary>
    /// <exception cref="FormatException">It is none, or was not copied whole.</exception>
    public static InvitationCode Parse(string? text)
    {
        const string Advice = "copy the whole code that 'Silo -- devices invite' printed";
        var parts = text is null || text.Length > LongestText ? [] : text.Trim().Split('.');
        if (parts.Length != 3 || parts[0] != Version || !IdentifierGrammar.IsPath(parts[1]))
        {
            throw new FormatException($"this is no invitation: {Advice}.");
        }

        var bytes = new byte[BodyLength + CheckLength];
        var isWhole = Base64Url.IsValid(parts[2]) && Base64Url.TryDecodeFromChars(parts[2], bytes, out var length) && length == bytes.Length;
        var code = new InvitationCode(ParticipantId.Parse(parts[1]), bytes[..BodyLength]);

        // Also the check, and that there is one way only to write a code.
        return isWhole && code.ToText() == text!.Trim() ? code : throw new FormatException($"the invitation was not copied well: {Advice}.");
    }

    /// <summary>The code. It is a secret.</summary>
    public string ToText() => $"{Version}.{Site}.{Base64Url.EncodeToString([.. _body, .. Check()])}";

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"invitation {Id} of the site '{Site}'";

    /// <inheritdoc/>
    public bool Equals(InvitationCode? other) => other is not null && Site == other.Site && CryptographicOperations.FixedTimeEquals(_body, other._body);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Site, Id);

    private byte[] Check() => SHA256.HashData([.. Encoding.ASCII.GetBytes(Site.Value), 0, .. _body])[..CheckLength];
}
