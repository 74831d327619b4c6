using OrleansEdge.Contracts.Security.Files;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Where a site's parent is.</summary>
internal static class ParentAddress
{
    /// <summary>The environment variable that names the parent.</summary>
    public const string Variable = "ORLEANSEDGE_PARENT";

    /// <summary>Reads the option.</summary>
    /// <param name="text">What is given; null for what the environment says, or else for where the site has enrolled.</param>
    /// <param name="certificates">The site's certificates; null for a site in clear.</param>
    /// <param name="requiresEnrolment">Whether a site that has not enrolled at its secured parent is refused.</param>
    /// <exception cref="FormatException">It is no address, or the parent does not know this site yet.</exception>
    public static IReadOnlyList<Uri> Read(string? text, CertificateFolder? certificates, bool requiresEnrolment = true)
    {
        var enrolled = certificates is null ? [] : new EnrolledSite(certificates).ReadAddresses();
        var given = text ?? Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(given))
        {
            return enrolled;
        }

        Uri[] parents = [.. given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ReadOne)];
        if (parents.Select(parent => parent.Scheme).Distinct().Count() > 1)
        {
            throw new FormatException("--parent has https:// and http:// addresses: all silos of a site are secured, or none.");
        }

        return requiresEnrolment && parents[0].Scheme == Uri.UriSchemeHttps && enrolled.Count == 0
            ? throw new FormatException("the parent is secured and does not know this site yet: its operator makes an invitation with 'sites invite NAME', " +
                $"and 'certs join {parents[0].GetLeftPart(UriPartial.Authority)} --invite CODE --certificates FOLDER' enrols this site; then give --certificates FOLDER.")
            : parents;
    }

    private static Uri ReadOne(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var parent) && (parent.Scheme == Uri.UriSchemeHttp || parent.Scheme == Uri.UriSchemeHttps)
            ? parent
            : throw new FormatException($"--parent is '{text}': it is the address of a site, such as https://cloud.example:7400.");
}
