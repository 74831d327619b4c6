using System.Collections.Immutable;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Sites;

namespace OrleansEdge.Silo.Web;

/// <summary><c>/api/uplink</c> and <c>/api/sites</c>: what is above this site, and what is below it.</summary>
internal static class SiteLinkEndpoints
{
    public static void MapUplink(RouteGroupBuilder uplink) => uplink.MapGet("", async (IGrainFactory grains, JobRecords records, CancellationToken cancellation) =>
    {
        var status = await grains.GetGrain<IUplinkGrain>(StorageNames.Uplink).GetStatus().Limited(cancellation);
        var jobs = await records.ListAll(cancellation);
        var reports = await Task.WhenAll(jobs.Select(job => grains.GetGrain<IAssignedJob>(job.Value).GetAssignment().Limited(cancellation)));
        return OperatorApi.Answer(new UplinkAnswer(
            status.Parent, status.ParentName, status.Connected, status.Since, status.RoundTripMilliseconds, status.BytesUp, status.BytesDown, status.Trouble,
            [.. reports.Select(report => report?.Report).OfType<SiteJob>()]));
    });

    public static void MapSites(RouteGroupBuilder sites) => sites.MapGet("", async (IGrainFactory grains, CancellationToken cancellation) =>
    {
        var fleet = await grains.GetGrain<IFleetGrain>(StorageNames.Fleet).List().Limited(cancellation);
        return OperatorApi.Answer(fleet.Where(entry => entry.Site is not null)
            .Select(entry => new ChildSite(entry.Site!.Name.Value, entry.Alive, entry.LastSeen, entry.Site)).ToImmutableArray());
    });
}

/// <summary>The link to the parent, as the HTTP API tells it.</summary>
public sealed record UplinkAnswer(
    Uri? Parent, string? ParentName, bool Connected, DateTimeOffset Since, double RoundTripMilliseconds, long BytesUp, long BytesDown, string? Trouble,
    ImmutableArray<SiteJob> Jobs);

/// <summary>A site below this one, as the HTTP API tells it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Alive">Whether it was heard of lately.</param>
/// <param name="LastSeen">When it was heard of last.</param>
/// <param name="Report">What it said then.</param>
public sealed record ChildSite(string Name, bool Alive, DateTimeOffset LastSeen, SiteReport Report);
