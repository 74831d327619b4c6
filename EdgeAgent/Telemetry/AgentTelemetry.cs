using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OrleansEdge.Telemetry;

namespace OrleansEdge.EdgeAgent.Telemetry;

/// <summary>An agent's log, and its telemetry where the environment asks for it.</summary>
internal sealed class AgentTelemetry : IDisposable
{
    private const string ServiceName = "orleansedge-agent";

    private readonly ServiceProvider _services;

    private AgentTelemetry(ServiceProvider services) => _services = services;

    /// <summary>The log.</summary>
    public ILoggerFactory Logging => _services.GetRequiredService<ILoggerFactory>();

    /// <summary>Begins.</summary>
    /// <param name="instance">The device, or what names all devices of this process.</param>
    /// <param name="log">Where the log goes besides.</param>
    /// <exception cref="FormatException">The collector's address is not one.</exception>
    public static AgentTelemetry Start(string instance, Action<ILoggingBuilder> log) =>
        Start(new ConfigurationBuilder().AddEnvironmentVariables().Build(), instance, log);

    /// <inheritdoc cref="Start(string, Action{ILoggingBuilder})"/>
    internal static AgentTelemetry Start(IConfiguration configuration, string instance, Action<ILoggingBuilder> log)
    {
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddLogging(log);
        if (TelemetryPipeline.IsOn(configuration))
        {
            TelemetryPipeline.Add(services, ServiceName, instance);
        }

        var telemetry = new AgentTelemetry(services.BuildServiceProvider());

        // There is no host that would start them.
        telemetry._services.GetService<TracerProvider>();
        telemetry._services.GetService<MeterProvider>();
        return telemetry;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        TelemetryPipeline.Flush(_services).Wait(TelemetryPipeline.FlushLimit);
        _services.Dispose();
    }
}
