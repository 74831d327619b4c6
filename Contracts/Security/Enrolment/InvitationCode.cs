using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Security.Enrolment;

/// <summary>
/// What a device is given so that it can enrol: <c>oe1.harbour.…</c>. It names the site, pins the federation's authority by its fingerprint, and
/// holds a secret that is sent only to a silo of that site under that authority. A site that enrols at the site above it gets one that names
/// both: <c>oe1.cloud.harbour.…</c>.
/// </summary>
/// <remarks>After the names come 68 bytes in base64url: fingerprint 32, id 16, secret 16, and 4 of the SHA-256 of all before, against slips.</remarks>
public sealed record InvitationCode
{
    /// <summary>The length of an invitation's id and of its secret, in bytes.</summary>
    public const int PartLength = 16;

    /// <summary>How many devices one invitation can be for.</summary>
    public const int MostDevices = 1000;

    private const string Version = "oe1";
    private const int CheckLength = 4;
    private const int BodyLength = SHA256.HashSizeInBytes + PartLength + PartLength;
    private const int LongestText = 640;

    private readonly byte[] _body;

    private InvitationCode(ParticipantId site, ParticipantId? invitedSite, byte[] body)
    {
        Site = site;
        InvitedSite = invitedSite;
        _body = body;
    }

    /// <summary>The full name of the site that invites.</summary>
    public ParticipantId Site { get; }

    /// <summary>What the site is called there that is invited; null for an invitation of devices.</summary>
    public ParticipantId? InvitedSite { get; }

    /// <summary>The authority's certificate.</summary>
    public Thumbprint Authority => Thumbprint.FromHash(_body.AsSpan(0, SHA256.HashSizeInBytes));

    /// <summary>Which invitation it is: 32 lower-case hexadecimal digits.</summary>
    public string Id => Convert.ToHexStringLower(_body.AsSpan(SHA256.HashSizeInBytes, PartLength));

    /// <summary>The secret, in lower-case hexadecimal digits.</summary>
    public string Secret => Convert.ToHexStringLower(_body.AsSpan(SHA256.HashSizeInBytes + PartLength));

    /// <summary>Makes a code.</summary>
    /// <param name="site">The full name of the site.</param>
    /// <param name="authority">The authority's certificate.</param>
    /// <param name="id">Which invitation: <see cref="PartLength"/> bytes.</param>
    /// <param name="secret">The secret: <see cref="PartLength"/> bytes.</param>
    /// <param name="invitedSite">What the site is called there that is invited; null to invite devices.</param>
    public static InvitationCode Create(
        ParticipantId site, Thumbprint authority, ReadOnlySpan<byte> id, ReadOnlySpan<byte> secret, ParticipantId? invitedSite = null) =>
        id.Length == PartLength && secret.Length == PartLength
            ? new(site, invitedSite, [.. authority.ToHash(), .. id, .. secret])
            : throw new ArgumentException($"The id and the secret of an invitation have {PartLength} bytes each.");

    /// <summary>Reads a code.</summary>
    /// <exception cref="FormatException">It is none, or was not copied whole.</exception>
    public static InvitationCode Parse(string? text)
    {
        const string Advice = "copy the whole code that 'Silo -- devices invite' or 'Silo -- sites invite' printed";
        var parts = text is null || text.Length > LongestText ? [] : text.Trim().Split('.');
        if (parts.Length is not (3 or 4) || parts[0] != Version || !IdentifierGrammar.IsPath(parts[1]) || (parts.Length == 4 && !IdentifierGrammar.IsSegment(parts[2])))
        {
            throw new FormatException($"this is no invitation: {Advice}.");
        }

        var bytes = new byte[BodyLength + CheckLength];
        var isWhole = Base64Url.IsValid(parts[^1]) && Base64Url.TryDecodeFromChars(parts[^1], bytes, out var length) && length == bytes.Length;
        var code = new InvitationCode(ParticipantId.Parse(parts[1]), parts.Length == 4 ? ParticipantId.Parse(parts[2]) : null, bytes[..BodyLength]);

        // Also the check, and that there is one way only to write a code.
        return isWhole && code.ToText() == text!.Trim() ? code : throw new FormatException($"the invitation was not copied well: {Advice}.");
    }

    /// <summary>The code. It is a secret.</summary>
    public string ToText() => $"{Version}.{Names}.{Base64Url.EncodeToString([.. _body, .. Check()])}";

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"invitation {Id} of the site '{Site}'";

    /// <inheritdoc/>
    public bool Equals(InvitationCode? other) => other is not null && Names == other.Names && CryptographicOperations.FixedTimeEquals(_body, other._body);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Names, Id);

    private string Names => InvitedSite is { } invited ? $"{Site}.{invited}" : Site.Value;

    private byte[] Check() => SHA256.HashData([.. Encoding.ASCII.GetBytes(Names), 0, .. _body])[..CheckLength];
}
