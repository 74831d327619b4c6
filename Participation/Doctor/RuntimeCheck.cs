using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Sites;

namespace OrleansEdge.Participation.Doctor;

/// <summary>Which versions run here; what a report of a fault begins with.</summary>
/// <param name="program">The program's name.</param>
/// <param name="version">Its version.</param>
internal sealed class RuntimeCheck(string program, Version version) : IDoctorCheck
{
    private const int Needed = 10;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation)
    {
        var sentence = $"{program} {version.ToString(3)} (contract {SiteDescription.CurrentContractVersion}) on .NET {Environment.Version}, " +
            $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return Task.FromResult<IReadOnlyList<Finding>>(
        [
            Environment.Version.Major == Needed
                ? Finding.Ok("version", $"{sentence}.")
                : Finding.Warning("version", $"{sentence}: it is made for .NET {Needed}, so install that runtime."),
        ]);
    }
}
