using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Participation.Doctor;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.EdgeAgent.Doctor;

/// <summary>Whether a device has its certificate, and whether that is its own, kept from others, and valid.</summary>
/// <param name="folder">The device's own folder.</param>
/// <param name="device">The device; null for whichever it is.</param>
/// <param name="isSecured">Whether its site needs one.</param>
/// <param name="machine">This machine.</param>
/// <param name="other">The address of the site, where that is not the first one; otherwise null.</param>
internal sealed class IdentityCheck(string folder, ParticipantId? device, bool isSecured, Machine machine, Uri? other = null) : IDoctorCheck
{
    private const string Subject = "certificate";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation)
    {
        try
        {
            var finding = !isSecured
                ? Finding.Ok(Subject, "None is needed: the site is in clear.")
                : DeviceCredentials.Open(folder, device, machine.Time) is { } credentials ? Judge(credentials) : Missing();
            return Task.FromResult<IReadOnlyList<Finding>>([finding]);
        }
        catch (CertificateException exception)
        {
            return Task.FromResult<IReadOnlyList<Finding>>([Finding.Problem(Subject, $"{char.ToUpperInvariant(exception.Message[0])}{exception.Message[1..].TrimEnd('.')}.")]);
        }
    }

    private Finding Missing() => other is not null
        ? Finding.Warning(Subject, $"The device has not enrolled at {other} yet: that site's operator makes an invitation with 'devices invite'; write it after the address, --fallback {other}=CODE.")
        : machine.Variable(DeviceAdmission.Variable) is { Length: > 0 }
        ? Finding.Ok(Subject, $"The device has not enrolled yet, and has an invitation in {DeviceAdmission.Variable}.")
        : Finding.Warning(Subject, $"The device has not enrolled yet: its site's operator makes an invitation with 'devices invite'; give it to 'join' with --invite, or in {DeviceAdmission.Variable}.");

    private Finding Judge(DeviceCredentials credentials)
    {
        var now = machine.Time.GetUtcNow();
        var end = credentials.Expires.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (now >= credentials.Expires)
        {
            return Finding.Warning(Subject, $"That of '{credentials.Identity.Name}' has ended on {end}: start the agent, which renews it if the site still allows that; otherwise have the site's operator do 'devices replace'.");
        }

        var own = credentials.Current;
        return CertificateValidator.Judge(own.Own.TargetCertificate, own.Intermediates, own.Authorities, CertificatePurpose.Client, now).Refusal is { } refusal
            ? Finding.Problem(Subject, $"It cannot be used: {refusal}.")
            : Finding.Ok(Subject, $"That of '{credentials.Identity.Name}' is valid until {end}, and the agent renews it.");
    }
}
