using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary>What one site below does for a job.</summary>
/// <param name="Site">The site.</param>
/// <param name="Path">Its name after those of the sites between.</param>
/// <param name="Depth">How many tiers it is below the one that was asked: 1 for those right below.</param>
/// <param name="SilentSince">When it, or the site that tells of it, was heard of last; null where it is heard of now.</param>
/// <param name="Job">What it does.</param>
internal sealed record JobTierReport(SiteName Site, string Path, int Depth, DateTimeOffset? SilentSince, SiteJob Job)
{
    /// <summary>All sites that take part in a job, each with those below it right after it.</summary>
    public static ImmutableArray<JobTierReport> Of(JobId job, ImmutableArray<ChildSite> children) =>
        [.. SiteTree.Flatten(children).SelectMany(site => (site.Report.Jobs.IsDefault ? [] : site.Report.Jobs)
            .Where(entry => entry.Job == job)
            .Select(entry => new JobTierReport(site.Report.Name, site.Path, site.Depth, site.SilentSince, entry)))];

    /// <summary>The line of it, without anything that changes from moment to moment.</summary>
    public string ToLine() => $"{new string(' ', 2 * Depth)}{Site}: {SitePhrases.Work(Job)}{(SilentSince is null ? "" : ", as it said last: it is silent now")}";
}
