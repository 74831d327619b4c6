using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using OrleansEdge.Contracts.Telemetry;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Coordination;

/// <summary>
/// What a silo holds at the moment, as gauges. They have a meter of their own that ends with the silo; it has the product's name, under which
/// listeners find it.
/// </summary>
internal sealed class CoordinationMetrics : IHostedService, IDisposable
{
    private readonly Meter _meter = new(OrleansEdgeTelemetry.SourceName);

    /// <summary>Offers the gauges.</summary>
    public CoordinationMetrics(PermitBudget permits, StagingArea staging, FoldScheduler folds, FleetCensus census)
    {
        _meter.CreateObservableUpDownCounter("orleansedge.permits.active", () => permits.Count, "{permit}");
        _meter.CreateObservableUpDownCounter("orleansedge.permits.bytes", () => permits.Used, "By");
        _meter.CreateObservableUpDownCounter("orleansedge.staging.memory", () => staging.MemoryUsed, "By");
        _meter.CreateObservableUpDownCounter("orleansedge.staging.spilled", () => staging.Spilled, "By");
        _meter.CreateObservableUpDownCounter("orleansedge.fold.queue", () => folds.Waiting, "{fold}");
        _meter.CreateObservableUpDownCounter("orleansedge.participants.live", () => census.Take().Live, "{participant}");
        _meter.CreateObservableUpDownCounter("orleansedge.participants.working", () => census.Take().Working, "{participant}");
        _meter.CreateObservableUpDownCounter("orleansedge.participants.silent", () => census.Take().Silent, "{participant}");
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
