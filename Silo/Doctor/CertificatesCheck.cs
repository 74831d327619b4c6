using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Participation.Doctor;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Doctor;

/// <summary>Whether a site's certificates are there, belong together, are its own, are kept from others, and for how long they are valid.</summary>
/// <param name="folder">The folder.</param>
/// <param name="site">The site's name.</param>
/// <param name="time">The clock.</param>
internal sealed class CertificatesCheck(CertificateFolder folder, SiteName site, TimeProvider time) : IDoctorCheck
{
    private const string Subject = "certificates";
    private const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(60);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation)
    {
        try
        {
            // As the silo opens them: keys that others can read, another site's name, another authority, an end that has passed.
            var certificates = SiteCertificates.Open(folder, site, [], time);
            return Task.FromResult<IReadOnlyList<Finding>>([Valid(certificates.SiteExpires), .. Kept(), .. Operators()]);
        }
        catch (CertificateException exception)
        {
            return Task.FromResult<IReadOnlyList<Finding>>([Finding.Problem(Subject, Sentence.Of(exception.Message))]);
        }
    }

    private Finding Valid(DateTimeOffset end) => end - time.GetUtcNow() > Soon
        ? Finding.Ok(Subject, $"Those of the site '{site}' in {folder.Path} are valid until {Day(end)}.")
        : Finding.Warning(Subject, $"Those of the site '{site}' end on {Day(end)}: make another with 'certs renew' where the authority's key is.");

    private IEnumerable<Finding> Kept()
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder.Path) & Others) != 0)
        {
            yield return Finding.Warning(Subject, $"Others than their user can look into {folder.Path}: take their right away with 'chmod 700 {folder.Path}'.");
        }

        if (File.Exists(folder.AuthorityKey))
        {
            yield return Finding.Warning(Subject, $"The authority's key is in {folder.AuthorityKey}, and whoever has it can make sites of this federation: keep it offline once all are made.");
        }
    }

    private IEnumerable<Finding> Operators()
    {
        foreach (var file in Directory.EnumerateFiles(folder.Path, "operator-*.pem").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file)["operator-".Length..];
            var end = new DateTimeOffset(PrivateFiles.ReadCertificates(file)[0].NotAfter.ToUniversalTime());
            if (end - time.GetUtcNow() < Soon)
            {
                yield return Finding.Warning(Subject, $"That of the operator '{name}' {(end < time.GetUtcNow() ? "has ended" : "ends")} on {Day(end)}: make another with 'certs operator {name}'.");
            }
        }
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>What there is to say of a site without certificates.</summary>
/// <param name="isInsecure">Whether it is in clear for others, too.</param>
internal sealed class ClearCheck(bool isInsecure) : IDoctorCheck
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Finding>>(
    [
        isInsecure
            ? Finding.Warning("certificates", "There are none, and with --insecure whoever reaches the site can steer it: make some with 'certs init'.")
            : Finding.Ok("certificates", "There are none, so the site is in clear, and for this machine only."),
    ]);
}
