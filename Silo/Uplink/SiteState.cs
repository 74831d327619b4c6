using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Sites;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.Silo.Uplink;

/// <summary>A site as a participant of its parent: it offers what its own participants offer, and keeps its updates in its jobs.</summary>
/// <param name="site">The site.</param>
/// <param name="instanceKey">What proves, where there are no certificates, that it is this site.</param>
/// <param name="connection">The connection to the parent.</param>
/// <param name="link">Told whether the parent answers.</param>
/// <param name="grains">The site's own grains.</param>
/// <param name="records">Finds the site's jobs.</param>
/// <param name="logger">The log.</param>
internal sealed partial class SiteState(
    SiteName site, string instanceKey, SiteConnection connection, ParentLink link, IGrainFactory grains, JobRecords records, ILogger logger) : IParticipantState
{
    /// <summary>How long the site's own grains may take.</summary>
    private static readonly TimeSpan GrainLimit = TimeSpan.FromSeconds(10);

    private readonly Guid _process = Guid.NewGuid();
    private ImmutableArray<FleetEntry> _fleet = [];

    /// <inheritdoc/>
    public async ValueTask<Registration> Describe()
    {
        _fleet = [.. (await grains.GetGrain<IFleetGrain>(StorageNames.Fleet).List().AsTask().WaitAsync(GrainLimit)).Where(entry => entry.Alive)];
        var data = await grains.GetGrain<IUplinkGrain>(StorageNames.Uplink)
            .Offer([.. _fleet.SelectMany(entry => entry.Data).Distinct().Order().Take(ReportRules.MaximumData)]).WaitAsync(GrainLimit);
        return new(
            instanceKey, _process, SiteDescription.CurrentContractVersion,
            new ParticipantProfile(
                Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, RuntimeInformation.OSDescription, 0,
                Math.Round(connection.RoundTrip.TotalMilliseconds, 2)),
            data);
    }

    /// <inheritdoc/>
    public async ValueTask<SyncReport> Complete(SyncReport report)
    {
        RequireNoCycle();
        var statuses = await Assignments();
        var kept = statuses.Where(entry => entry.Status is { IsKept: true, Kind: InstructionKind.Train or InstructionKind.Initialise });
        return report with
        {
            Outbox = [.. kept.Select(entry => new RoundKey(entry.Job, entry.Status.Round)).Take(ReportRules.MaximumRounds)],
            Site = new(
                site, _fleet.Count(entry => entry.Site is null), link.Report(),
                [.. statuses.Select(entry => entry.Status.Report!).Take(SiteReport.MaximumJobs)],
                [.. _fleet.Select(entry => entry.Site).OfType<SiteReport>().OrderBy(child => child.Name)]),
        };
    }

    /// <inheritdoc/>
    public async ValueTask Take(SyncReply reply)
    {
        foreach (var round in reply.Settled)
        {
            await Job(round.Job).Settle(round.Number).WaitAsync(GrainLimit);
        }

        foreach (var job in reply.Ended.IsDefault ? [] : reply.Ended)
        {
            LogEnded(job, connection.Site.Name);
            await Job(job).EndAssignment().WaitAsync(GrainLimit);
        }
    }

    /// <inheritdoc/>
    public void Reached(string? trouble) => link.Set(trouble);

    /// <summary>Who is above whom shows only when both are up.</summary>
    /// <exception cref="ParticipantRefusedException">This site is above its own parent.</exception>
    private void RequireNoCycle()
    {
        if (connection.Latest.Name == site.Value || connection.Latest.Ancestors.Contains(site.Value))
        {
            throw new ParticipantRefusedException(
                $"the sites go round in a circle: '{string.Join("' is below '", [site.Value, connection.Latest.Name, .. connection.Latest.Ancestors])}': start one of them without --parent.");
        }
    }

    private async Task<List<(JobId Job, AssignmentStatus Status)>> Assignments()
    {
        var jobs = await records.ListActive(CancellationToken.None).WaitAsync(GrainLimit);
        var statuses = await Task.WhenAll(jobs.Select(job => Job(job).GetAssignment())).WaitAsync(GrainLimit);
        return [.. jobs.Zip(statuses).Where(pair => pair.Second is { Report: not null }).Select(pair => (pair.First, pair.Second!))];
    }

    private IAssignedJob Job(JobId job) => grains.GetGrain<IAssignedJob>(job.Value);

    [LoggerMessage(LogLevel.Information, "The parent '{Parent}' has ended job {Job}, or does not know it: it ends here, too, and the site's versions stay")]
    private partial void LogEnded(JobId job, string parent);
}
