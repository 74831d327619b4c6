using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Silo.Commands;

/// <summary>Where a watched job is shown.</summary>
internal interface IWatchView
{
    /// <summary>There may be news.</summary>
    /// <param name="report">The status and all rounds so far.</param>
    void Show(JobReport report);

    /// <summary>The site does not answer; it is asked again.</summary>
    /// <param name="sentence">What is wrong.</param>
    void Lost(string sentence);
}

/// <summary>Follows a job to its end by asking again and again; a site that has answered once is waited for, however long it is away.</summary>
internal sealed class JobWatch(SiteApi site, TimeSpan period, TimeProvider time)
{
    /// <summary>Shows the job until it has ended.</summary>
    /// <exception cref="CommandException">There is no such job, or no site to begin with.</exception>
    public async Task<JobReport> Follow(JobId job, IWatchView view, CancellationToken cancellation)
    {
        ImmutableArray<RoundRecord> rounds = [];
        var isKnown = false;
        while (true)
        {
            try
            {
                var status = await site.GetJob(job, cancellation);
                isKnown = true;
                while (await site.GetRounds(job, rounds.IsEmpty ? 1 : rounds[^1].Round + 1, cancellation) is { IsEmpty: false } more)
                {
                    rounds = rounds.AddRange(more);
                }

                var report = new JobReport(status, rounds) { Tiers = JobTierReport.Of(job, await site.ListSites(cancellation)) };
                view.Show(report);
                if (status.IsOver)
                {
                    return report;
                }
            }
            catch (SiteTroubleException exception) when (isKnown)
            {
                view.Lost(exception.Message);
            }

            await Task.Delay(period, time, cancellation);
        }
    }
}
