using OrleansEdge.Contracts.Data;

namespace OrleansEdge.EdgeAgent.Data.Csv;

/// <summary>Some rows of a table, standardised as they are read.</summary>
/// <param name="table">The rows.</param>
/// <param name="selection">The rows that belong to this list; null takes all.</param>
/// <param name="standardisation">The task's constants.</param>
/// <param name="targetOfClass">The task's index of each of the table's classes; null for regression.</param>
internal sealed class CsvExamples(CsvTable table, int[]? selection, Standardisation standardisation, float[]? targetOfClass) : IExamples
{
    /// <inheritdoc/>
    public int Count => selection?.Length ?? table.Count;

    /// <inheritdoc/>
    public int InputLength => table.Features.Length;

    /// <inheritdoc/>
    public void ReadInputs(ReadOnlySpan<int> indices, Span<float> inputs)
    {
        var means = standardisation.Means.AsSpan();
        var deviations = standardisation.Deviations.AsSpan();
        var written = 0;
        foreach (var index in indices)
        {
            var row = table.Row(Locate(index));
            for (var feature = 0; feature < row.Length; feature++)
            {
                inputs[written++] = (float)((row[feature] - means[feature]) / deviations[feature]);
            }
        }
    }

    /// <inheritdoc/>
    public void ReadTargets(ReadOnlySpan<int> indices, Span<float> targets)
    {
        for (var position = 0; position < indices.Length; position++)
        {
            var target = table.Targets[Locate(indices[position])];
            targets[position] = targetOfClass is null
                ? (float)((target - standardisation.TargetMean) / standardisation.TargetDeviation)
                : targetOfClass[(int)target];
        }
    }

    private int Locate(int index) => selection is null ? index : selection[index];
}
