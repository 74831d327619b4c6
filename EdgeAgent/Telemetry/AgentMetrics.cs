using System.Diagnostics.Metrics;
using OrleansEdge.Contracts.Telemetry;
using OrleansEdge.EdgeAgent.Training;

namespace OrleansEdge.EdgeAgent.Telemetry;

/// <summary>What an agent counts.</summary>
internal static class AgentMetrics
{
    private static readonly Counter<long> Examples = OrleansEdgeTelemetry.Meter.CreateCounter<long>("orleansedge.training.examples", "{example}");

    private static readonly Histogram<double> ProcessorSeconds = OrleansEdgeTelemetry.Meter.CreateHistogram<double>("orleansedge.training.cpu", "s");

    /// <summary>Counts one training.</summary>
    public static void Count(TrainingResult result)
    {
        Examples.Add(result.Examples);
        ProcessorSeconds.Record(result.ProcessorTime.TotalSeconds);
    }
}
