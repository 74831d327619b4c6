using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansEdge.Contracts.Telemetry;

namespace OrleansEdge.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, the same in the silo and in the agent. Off unless <see cref="EndpointVariable"/> is set: then nothing
/// listens and nothing is paid. The other <c>OTEL_*</c> variables (protocol, headers, intervals, resource attributes) have their usual meaning.
/// </summary>
internal static class TelemetryPipeline
{
    /// <summary>Where the collector is, for example <c>http://localhost:4317</c>.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>How long the end of a process waits for a collector that does not answer.</summary>
    public static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Where traces come from. A grain call whose interface is in a namespace that begins with "Orleans" counts as the runtime's, and the
    /// product's own do.
    /// </summary>
    private static readonly string[] Sources = [OrleansEdgeTelemetry.SourceName, "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application"];

    private static readonly string[] Meters = [OrleansEdgeTelemetry.SourceName, "Microsoft.Orleans", "System.Runtime"];

    /// <summary>Whether telemetry is wanted.</summary>
    /// <exception cref="FormatException">The endpoint is not an address.</exception>
    public static bool IsOn(IConfiguration configuration)
    {
        var endpoint = configuration[EndpointVariable];
        if (string.IsNullOrWhiteSpace(endpoint))
        {
            return false;
        }

        return Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? true
            : throw new FormatException(
                $"{EndpointVariable} is '{endpoint}': write the collector's address, for example http://localhost:4317, or unset it.");
    }

    /// <summary>Adds the three providers.</summary>
    /// <param name="services">The program's services; must hold its <see cref="IConfiguration"/>.</param>
    /// <param name="service">The program's name in traces; <c>OTEL_SERVICE_NAME</c> goes before it.</param>
    /// <param name="instance">Which site or device this is.</param>
    public static void Add(IServiceCollection services, string service, string instance) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService(service, serviceInstanceId: instance).AddEnvironmentVariableDetector())
        .WithTracing(tracing => tracing.AddSource(Sources).SetSampler(new RoundSampler()))
        .WithMetrics(metrics => metrics.AddMeter(Meters))
        .WithLogging(null, logging => logging.IncludeFormattedMessage = true)
        .UseOtlpExporter();

    /// <summary>Sends what is left, and ends; waits no longer than <see cref="FlushLimit"/>.</summary>
    public static Task Flush(IServiceProvider services)
    {
        var limit = (int)FlushLimit.TotalMilliseconds;
        return Task.WhenAll(
            Task.Run(() => services.GetService<TracerProvider>()?.Shutdown(limit)),
            Task.Run(() => services.GetService<MeterProvider>()?.Shutdown(limit)),
            Task.Run(() => services.GetService<LoggerProvider>()?.Shutdown(limit)));
    }
}
