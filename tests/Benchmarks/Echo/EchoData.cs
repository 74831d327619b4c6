using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Data;

namespace OrleansEdge.Benchmarks.Echo;

/// <summary>Data that nobody looks at.</summary>
internal sealed class EchoData : IDataSource
{
    private const int InputLength = 784;
    private const int Classes = 10;

    private static readonly RandomExamples Examples = new(32, InputLength, Classes);

    /// <inheritdoc/>
    public DataSummary Describe(double heldOutShare) => new(
        TaskKind.Classification, [1, 28, 28], [.. Enumerable.Range(0, Classes).Select(label => $"{label}")], [], Examples.Count, [], []);

    /// <inheritdoc/>
    public DataParts Open(TaskDescription task, double heldOutShare) => new(Examples, Examples, Examples);
}
