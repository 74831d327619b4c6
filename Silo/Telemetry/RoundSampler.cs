using OpenTelemetry.Trace;
using OrleansEdge.Contracts.Telemetry;

namespace OrleansEdge.Telemetry;

/// <summary>Keeps what <see cref="SpanRules"/> keeps; takes the place of the sampler of <c>OTEL_TRACES_SAMPLER</c>.</summary>
internal sealed class RoundSampler : Sampler
{
    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(SpanRules.IsKept(samplingParameters.Name, samplingParameters.ParentContext) ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
}
