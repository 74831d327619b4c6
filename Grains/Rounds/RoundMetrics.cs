using System.Diagnostics.Metrics;
using OrleansEdge.Contracts.Telemetry;

namespace OrleansEdge.Grains.Rounds;

/// <summary>What is counted about rounds. Ids of participants are not tags: there may be too many.</summary>
internal static class RoundMetrics
{
    /// <summary>Rounds that were opened.</summary>
    public static Counter<long> Opened { get; } = OrleansEdgeTelemetry.Meter.CreateCounter<long>("orleansedge.rounds.opened", "{round}");

    /// <summary>Deadlines that passed without a quorum and were put off.</summary>
    public static Counter<long> Extended { get; } = OrleansEdgeTelemetry.Meter.CreateCounter<long>("orleansedge.rounds.extended", "{extension}");

    /// <summary>Chunks that were sent away because all permits were taken.</summary>
    public static Counter<long> PermitsRefused { get; } = OrleansEdgeTelemetry.Meter.CreateCounter<long>("orleansedge.permits.refused", "{chunk}");

    /// <summary>Updates that were refused because their participant has too much staged already.</summary>
    public static Counter<long> StagingRefused { get; } = OrleansEdgeTelemetry.Meter.CreateCounter<long>("orleansedge.staging.refused", "{update}");

    /// <summary>Rounds that published a version.</summary>
    public static Counter<long> Published { get; } = OrleansEdgeTelemetry.Meter.CreateCounter<long>("orleansedge.rounds.published", "{round}");

    /// <summary>Updates that were committed.</summary>
    public static Counter<long> Commits { get; } = OrleansEdgeTelemetry.Meter.CreateCounter<long>("orleansedge.updates.committed", "{update}");

    /// <summary>Instructions that participants declined.</summary>
    public static Counter<long> Declined { get; } = OrleansEdgeTelemetry.Meter.CreateCounter<long>("orleansedge.updates.declined", "{update}");

    /// <summary>Instructions from which participants withdrew.</summary>
    public static Counter<long> Withdrawn { get; } = OrleansEdgeTelemetry.Meter.CreateCounter<long>("orleansedge.updates.withdrawn", "{update}");

    /// <summary>From the opening of a round to its publication.</summary>
    public static Histogram<double> RoundSeconds { get; } = OrleansEdgeTelemetry.Meter.CreateHistogram<double>("orleansedge.round.duration", "s");

    /// <summary>The fold of one shard.</summary>
    public static Histogram<double> FoldSeconds { get; } = OrleansEdgeTelemetry.Meter.CreateHistogram<double>("orleansedge.fold.duration", "s");
}
