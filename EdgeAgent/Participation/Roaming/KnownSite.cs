using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.EdgeAgent.Participation.Roaming;

/// <summary>A site at which a device may take part.</summary>
/// <param name="Addresses">The HTTP addresses of its silos, as many as are known.</param>
/// <param name="Invitation">With which the device enrols there, the first time; null for none.</param>
/// <param name="Folder">Where the device keeps what it has of this site: its certificate.</param>
internal sealed record KnownSite(IReadOnlyList<Uri> Addresses, InvitationCode? Invitation, string Folder)
{
    private const char InvitationMark = '=';
    private const char AddressMark = ',';

    /// <summary>The addresses of many silos, and an invitation.</summary>
    private const int MaximumLength = 4096;

    /// <summary>The folder, in a device's own folder, that has one for each further site.</summary>
    private const string FolderName = "sites";

    /// <summary>Whether it has certificates.</summary>
    public bool IsSecured => DeviceAdmission.IsSecured(Addresses);

    /// <summary>Reads a further site.</summary>
    /// <param name="text">Its address, or those of several silos with commas; then, for a secured site, = and the invitation, or = and @ and its file.</param>
    /// <param name="ownFolder">The device's own folder.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static KnownSite Parse(string text, string ownFolder)
    {
        PrintableText.RequireLength("--fallback", text, MaximumLength, "write for example --fallback http://192.0.2.8:7400");
        var mark = text.IndexOf(InvitationMark, StringComparison.Ordinal);
        Uri[] addresses = [.. (mark < 0 ? text : text[..mark]).Split(AddressMark, StringSplitOptions.TrimEntries).Select(AddressOf)];
        var site = new KnownSite(
            addresses, mark < 0 ? null : DeviceAdmission.Read(text[(mark + 1)..]), Path.Combine(ownFolder, FolderName, $"{addresses[0].Host.Replace(':', '-')}-{addresses[0].Port}"));
        return site.IsSecured || site.Invitation is null
            ? site
            : throw new FormatException($"the invitation after {addresses[0]} is of no use there: a site in clear has no certificates.");
    }

    /// <inheritdoc/>
    public override string ToString() => Addresses[0].ToString();

    private static Uri AddressOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? address!
        : throw new FormatException($"'{text}' is not the address of a site: write for example --fallback http://192.0.2.8:7400.");
}
