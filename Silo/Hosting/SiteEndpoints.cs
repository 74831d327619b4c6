using OrleansEdge.Contracts.Sites;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Identity;
using OrleansEdge.Silo.Uplink;

namespace OrleansEdge.Silo.Hosting;

/// <summary>What everyone asks a site first.</summary>
internal static class SiteEndpoints
{
    /// <summary>Maps <c>/site</c> and <c>/api/traffic</c>.</summary>
    public static void MapSite(this WebApplication app, SiteOptions options)
    {
        app.MapGet("/site", async (SiteMembers members, FleetPlaces places, IServiceProvider services, CancellationToken cancellation) =>
        {
            var (gateways, addresses) = members.List();
            return new SiteDescription(
                options.Name.Value, options.Name.Value, SiteHost.ServiceId, gateways, SiteDescription.CurrentContractVersion)
            {
                Addresses = addresses,
                Protection = SiteProtection.WordOf(options),
                Ancestors = services.GetService<ParentLink>()?.Ancestors ?? [],
                IsFull = await places.AreTaken(cancellation),
                Authority = services.GetService<SiteCertificates>()?.Pin.Hex,
            };
        }).AllowAnonymous();
        app.MapGet("/api/traffic", (GatewayTraffic traffic) => new TrafficReport(traffic.BytesUp, traffic.BytesDown, traffic.StartedAt))
            .RequireOperator(OperatorRole.Viewer);
    }

    private sealed record TrafficReport(long BytesUp, long BytesDown, DateTimeOffset StartedAt);
}
