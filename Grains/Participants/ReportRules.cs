using System.Security.Cryptography;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Coordination;

namespace OrleansEdge.Grains.Participants;

/// <summary>What a participant may say of itself. All of it is kept, so none of it is longer than it need be.</summary>
internal static class ReportRules
{
    /// <summary>The most names of data that a participant offers.</summary>
    public const int MaximumData = 256;

    /// <summary>The most rounds or instructions in one heartbeat.</summary>
    public const int MaximumRounds = 1024;

    /// <summary>The most rounds that one heartbeat has looked up; the others have their turn when these are settled.</summary>
    public const int MaximumLookUps = 64;

    private const int MaximumSystem = 256;
    private const int KeyDigits = 2 * SHA256.HashSizeInBytes;

    /// <summary>One sentence that says what is wrong with an introduction; null if all is well.</summary>
    public static string? Refuse(Registration registration) =>
        registration.InstanceKey is not { Length: KeyDigits } key || !key.All(char.IsAsciiHexDigitLower)
            ? $"an instance key has {KeyDigits} lower-case hexadecimal digits: start with a folder that an agent of this release has made."
        : registration.Data.IsDefault || registration.Data.Length > MaximumData || registration.Data.Any(name => name.Value is null)
            ? $"a device offers at most {MaximumData} data sets, each under a name: give fewer --data."
        : registration.Profile is not { OperatingSystem.Length: <= MaximumSystem } profile || !double.IsFinite(profile.TrainingSpeed)
                || !double.IsFinite(profile.RoundTripMilliseconds) || ForeignText.Sentence(profile.OperatingSystem).Contains('\uFFFD')
            ? "the description of the device's machine is not possible: install the same release on both."
        : null;

    /// <summary>Checks a heartbeat.</summary>
    /// <exception cref="ArgumentException">It is not one; nothing is kept of it.</exception>
    public static void Require(SyncReport report)
    {
        if (report.Activity is null || report.Finished.IsDefault || report.Outbox.IsDefault || report.Finished.Length > MaximumRounds
            || report.Outbox.Length > MaximumRounds || !double.IsFinite(report.Activity.Progress))
        {
            throw new ArgumentException($"A heartbeat names at most {MaximumRounds} rounds and as many instructions, and an activity.", nameof(report));
        }

        if (report.Site is { } site && !IsWhole(site))
        {
            throw new ArgumentException(
                $"A site's report names at most {SiteReport.MaximumSites} sites in at most {SiteReport.MaximumDepth} tiers, and {SiteReport.MaximumJobs} jobs each.", nameof(report));
        }

        if (report.Activity.Instruction is { Round.Job.Value: null } || report.Outbox.Any(round => round.Job.Value is null)
            || report.Finished.Any(finished => finished.Id.Round.Job.Value is null))
        {
            throw new ArgumentException("A heartbeat names rounds of jobs; one of these has no job.", nameof(report));
        }
    }

    private static bool IsWhole(SiteReport report) => report.Count() <= SiteReport.MaximumSites && AreWhole([report]);

    private static bool AreWhole(IEnumerable<SiteReport> reports) => reports.All(report =>
        report is { Name.Value: not null, Link: not null, Jobs: { IsDefault: false, Length: <= SiteReport.MaximumJobs } jobs }
        && jobs.All(job => job is { Job.Value: not null }) && double.IsFinite(report.Link.RoundTripMilliseconds) && AreWhole(report.Sites));
}
