using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.Participation.Security;

/// <summary>How a device of this process comes to its certificate, if its site has them.</summary>
internal static class DeviceAdmission
{
    /// <summary>The environment variable that holds an invitation, so that it is not in the list of processes.</summary>
    public const string Variable = "ORLEANSEDGE_INVITE";

    private const char FileMark = '@';

    /// <summary>Reads the option.</summary>
    /// <param name="text">The code; or @ and the file that holds it; null for what the environment says.</param>
    /// <returns>The invitation; null for none.</returns>
    /// <exception cref="FormatException">It cannot be used.</exception>
    public static InvitationCode? Read(string? text)
    {
        var code = text ?? Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(code) ? null : InvitationCode.Parse(code[0] == FileMark ? File.ReadAllText(code[1..]) : code);
    }

    /// <summary>Whether a site has certificates, which its addresses say.</summary>
    /// <exception cref="FormatException">They say both.</exception>
    public static bool IsSecured(IReadOnlyList<Uri> site)
    {
        var secured = site.Count(address => address.Scheme == Uri.UriSchemeHttps);
        return secured == 0 || secured == site.Count
            ? secured > 0
            : throw new FormatException("--site has https:// and http:// addresses: all silos of a site are secured, or none.");
    }

    /// <summary>Opens the device's certificate; without one, enrols with the invitation.</summary>
    /// <returns>The id under which the device takes part.</returns>
    /// <exception cref="FormatException">There is neither.</exception>
    /// <exception cref="ParticipantRefusedException">The site refuses.</exception>
    public static async Task<ParticipantId> Admit(
        SiteEnrolment enrolment, IReadOnlyList<Uri> site, ParticipantId participant, InvitationCode? invitation, ParticipantFolder folder, TimeProvider time,
        CancellationToken cancellation)
    {
        folder.Identity = await FindCredentials(enrolment, site, participant, invitation, folder.Path, time, cancellation);
        return folder.Identity?.Identity.LocalName ?? participant;
    }

    /// <summary>Opens the certificate that a device has of a site, renewed if it has expired; without one, enrols with the invitation.</summary>
    /// <returns>The certificate; null for a site in clear.</returns>
    /// <inheritdoc cref="Admit"/>
    public static async Task<DeviceCredentials?> FindCredentials(
        SiteEnrolment enrolment, IReadOnlyList<Uri> site, ParticipantId participant, InvitationCode? invitation, string folder, TimeProvider time,
        CancellationToken cancellation)
    {
        if (!IsSecured(site))
        {
            return null;
        }

        var identity = DeviceCredentials.Open(folder, participant, time);
        if (identity is null)
        {
            return await enrolment.Enrol(participant, invitation ?? throw new FormatException(
                $"the device '{participant}' has no certificate yet: its site's operator makes an invitation with 'devices invite {participant}'; give it with --invite, or in {Variable}."),
                folder, cancellation);
        }

        if (time.GetUtcNow() >= identity.Expires)
        {
            await enrolment.RenewUntilAnswered(identity, cancellation);
        }

        return identity;
    }
}
