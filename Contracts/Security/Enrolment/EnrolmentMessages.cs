using System.Text.Json;

namespace OrleansEdge.Contracts.Security.Enrolment;

/// <summary>What a device sends to <c>POST /enrol</c>, as JSON in camel case, over a connection to a silo under the authority that its invitation pins.</summary>
/// <param name="Participant">The device's id at the site.</param>
/// <param name="Request">A certificate signing request (PKCS #10, DER) whose subject is that id: its signature proves that the device has the key.</param>
/// <param name="Invitation">Which invitation.</param>
/// <param name="Secret">The invitation's secret.</param>
/// <param name="SiteRequest">From a site that enrols at the one above it: a second request of the same kind, with the key by which it vouches for its own.</param>
public sealed record EnrolmentRequest(string Participant, byte[] Request, string Invitation, string Secret, byte[]? SiteRequest = null)
{
    /// <summary>The most bytes of a request's JSON that a site reads.</summary>
    public const int LongestJson = 16 * 1024;

    /// <inheritdoc/>
    public override string ToString() => $"enrolment of '{Participant}' by invitation {Invitation}";
}

/// <summary>What a device sends to <c>POST /enrol/renew</c>. Any key but the one that enrolled is refused; nobody else can use what comes back.</summary>
/// <param name="Participant">The device's id at the site.</param>
/// <param name="Request">As in <see cref="EnrolmentRequest"/>.</param>
/// <param name="SiteRequest">As in <see cref="EnrolmentRequest"/>, with the key that enrolled.</param>
public sealed record RenewalRequest(string Participant, byte[] Request, byte[]? SiteRequest = null);

/// <summary>The answer to both.</summary>
/// <param name="Certificate">The device's certificate, DER; null while an operator has not approved it: ask again, with the same request.</param>
/// <param name="Intermediates">The certificates between it and the authority, DER.</param>
/// <param name="Authorities">The federation's authorities, DER.</param>
/// <param name="SiteCertificate">To a site: the certificate with which it vouches for its own, DER; those above it are the same.</param>
public sealed record EnrolmentAnswer(
    byte[]? Certificate, IReadOnlyList<byte[]> Intermediates, IReadOnlyList<byte[]> Authorities, byte[]? SiteCertificate = null);

/// <summary>What a refusal holds.</summary>
/// <param name="Error">One sentence for a person.</param>
public sealed record EnrolmentError(string Error);

/// <summary>How these are written.</summary>
public static class EnrolmentJson
{
    /// <summary>The options; read-only.</summary>
    public static JsonSerializerOptions Options => JsonSerializerOptions.Web;
}
