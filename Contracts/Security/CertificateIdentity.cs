using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Security;

/// <summary>
/// Whom a certificate names, in its subject alternative name: <c>orleansedge://device/harbour/dev7</c>. The host is the role; the path is the
/// full name in the federation, in which the name of whoever vouches comes first.
/// </summary>
public sealed record CertificateIdentity
{
    private const string Prefix = "orleansedge://";

    private CertificateIdentity(CertificateRole role, ParticipantId name)
    {
        Role = role;
        Name = name;
    }

    /// <summary>What the holder is.</summary>
    public CertificateRole Role { get; }

    /// <summary>The full name in the federation: <c>harbour/dev7</c> for a device or an operator, <c>harbour</c> for a silo or the site.</summary>
    public ParticipantId Name { get; }

    /// <summary>The site that the holder belongs to; a site belongs to itself.</summary>
    public ParticipantId Site => IsMember ? ParticipantId.Parse(Name.Value[..Name.Value.LastIndexOf('/')]) : Name;

    /// <summary>The name at that site, which is a device's id there: <c>dev7</c>.</summary>
    public ParticipantId LocalName => ParticipantId.Parse(Name.Value[(Name.Value.LastIndexOf('/') + 1)..]);

    private bool IsMember => Role is CertificateRole.Device or CertificateRole.Operator;

    /// <summary>The identity of a device or an operator at a site.</summary>
    /// <exception cref="FormatException">The name belongs to another site, or the full name is too long.</exception>
    public static CertificateIdentity Of(CertificateRole role, ParticipantId site, ParticipantId name) =>
        new(role, ParticipantId.Parse($"{site}/{Localise(site, name)}"));

    /// <summary>The identity of a silo or of the site itself.</summary>
    public static CertificateIdentity Of(CertificateRole role, ParticipantId site) => new(role, site);

    /// <summary>What a participant is called at its site: without the site's own name in front.</summary>
    /// <exception cref="FormatException">The name belongs to another site.</exception>
    public static ParticipantId Localise(ParticipantId site, ParticipantId name)
    {
        var local = name.Value.StartsWith($"{site}/", StringComparison.Ordinal) ? name.Value[(site.Value.Length + 1)..] : name.Value;
        return IdentifierGrammar.IsSegment(local)
            ? ParticipantId.Parse(local)
            : throw new FormatException($"'{name}' is not under the name of the site '{site}', which vouches only for its own: use a name such as '{site}/dev7'.");
    }

    /// <summary>Reads the text of a certificate.</summary>
    /// <exception cref="FormatException">It is no identity.</exception>
    public static CertificateIdentity Parse(string? text)
    {
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.IndexOf('/', Prefix.Length) is var slash && slash < 0)
        {
            throw NotAnIdentity(null);
        }

        try
        {
            var identity = new CertificateIdentity(ReadRole(text[Prefix.Length..slash]), ParticipantId.Parse(text[(slash + 1)..]));
            return !identity.IsMember || identity.Name.Value.Contains('/', StringComparison.Ordinal) ? identity : throw NotAnIdentity(null);
        }
        catch (FormatException exception)
        {
            throw NotAnIdentity(exception);
        }
    }

    /// <summary>Whether a site may vouch for this identity: its own members and silos, and sites under its name.</summary>
    public bool MayBeIssuedBy(CertificateIdentity issuer)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        return issuer.Role == CertificateRole.Site
            && (Role == CertificateRole.Site ? Name.Value.StartsWith($"{issuer.Name}/", StringComparison.Ordinal) : Site == issuer.Name);
    }

    /// <summary>The text in a certificate.</summary>
    public override string ToString() => $"{Prefix}{WordOf(Role)}/{Name}";

    private static CertificateRole ReadRole(string word) =>
        Enum.GetValues<CertificateRole>().Where(role => WordOf(role) == word).Select(role => (CertificateRole?)role).SingleOrDefault() ?? throw NotAnIdentity(null);

    private static string WordOf(CertificateRole role) => role switch
    {
        CertificateRole.Device => "device",
        CertificateRole.Silo => "silo",
        CertificateRole.Operator => "operator",
        _ => "site",
    };

    private static FormatException NotAnIdentity(Exception? inner) =>
        new($"A certificate names its holder as {Prefix}ROLE/NAME, for example {Prefix}device/harbour/dev7.", inner);
}
