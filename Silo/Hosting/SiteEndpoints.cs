using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Silo.Hosting;

/// <summary>What everyone asks a site first.</summary>
internal static class SiteEndpoints
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Maps <c>/site</c>, <c>/health</c> and <c>/api/traffic</c>.</summary>
    public static void MapSite(this WebApplication app, SiteOptions options)
    {
        app.MapGet("/site", () => new SiteDescription(
            options.Name.Value, options.Name.Value, SiteHost.ServiceId, [$"{options.Address}:{options.GatewayPort}"], SiteDescription.CurrentContractVersion));
        app.MapGet("/health/live", () => "ok");
        app.MapGet("/health/ready", Ready);
        app.MapGet("/api/traffic", (GatewayTraffic traffic) => new TrafficReport(traffic.BytesUp, traffic.BytesDown, traffic.StartedAt));
    }

    /// <summary>Ready means that a grain answers and the store can be listed.</summary>
    private static async Task<IResult> Ready(JobRecords records, CancellationToken cancellation)
    {
        try
        {
            await records.ListActive(cancellation).WaitAsync(ReadyTimeout, cancellation);
            return Results.Text("ok");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Results.Text($"not ready: {exception.Message}", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private sealed record TrafficReport(long BytesUp, long BytesDown, DateTimeOffset StartedAt);
}
