using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary>All that is known of a job.</summary>
/// <param name="Status">How it stands.</param>
/// <param name="Rounds">Its finished rounds; none where they cannot be read.</param>
/// <param name="Unreadable">Why its rounds cannot be read, in one sentence; null where they can.</param>
internal sealed record JobReport(JobStatus Status, ImmutableArray<RoundRecord> Rounds, string? Unreadable = null)
{
    /// <summary>What the sites below do for it, each with those below it right after it.</summary>
    public ImmutableArray<JobTierReport> Tiers { get; init; } = [];

    /// <summary>Asks the site. The status comes first, so that the rounds of a completed job are all there.</summary>
    public static async Task<JobReport> Of(SiteApi site, JobId job, CancellationToken cancellation)
    {
        var status = await site.GetJob(job, cancellation);
        try
        {
            return new(status, await site.GetAllRounds(job, cancellation)) { Tiers = JobTierReport.Of(job, await site.ListSites(cancellation)) };
        }
        catch (SiteTroubleException exception)
        {
            // The status is in memory, the rounds are in a store that may be away: that is when people ask how a job stands.
            return new(status, [], exception.Message);
        }
    }
}
