using OrleansEdge.Grains.Coordination;
using OrleansEdge.Telemetry;

namespace OrleansEdge.Silo.Hosting;

/// <summary>A site's telemetry.</summary>
internal static class SiteTelemetry
{
    private const string ServiceName = "orleansedge-silo";

    /// <summary>Adds it where the environment asks for it. Comes before all other services, so that it ends after them.</summary>
    /// <exception cref="FormatException">The collector's address is not one.</exception>
    public static void AddSiteTelemetry(this IHostApplicationBuilder builder, SiteOptions options)
    {
        if (!TelemetryPipeline.IsOn(builder.Configuration))
        {
            return;
        }

        TelemetryPipeline.Add(builder.Services, ServiceName, options.Name.Value);
        builder.Services.AddHostedService<FlushAtEnd>();
        builder.Services.AddCoordinationMetrics();
        builder.UseOrleans(silo => silo.AddActivityPropagation());
    }

    /// <summary>The providers would wait longer than a site may take to stop.</summary>
    private sealed class FlushAtEnd(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => TelemetryPipeline.Flush(services);
    }
}
