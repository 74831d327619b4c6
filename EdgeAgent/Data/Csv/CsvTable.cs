using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;

namespace OrleansEdge.EdgeAgent.Data.Csv;

/// <summary>A table of numbers with one column to predict, as read: not standardised.</summary>
internal sealed class CsvTable
{
    /// <summary>The file it came from, for messages.</summary>
    public required string File { get; init; }

    /// <summary>The name of the predicted column.</summary>
    public required string Label { get; init; }

    /// <summary>What is predicted.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>The names of the other columns, in the file's order.</summary>
    public required ImmutableArray<string> Features { get; init; }

    /// <summary>The classes in the file, numbers in numeric order, texts in ordinal order; empty for regression.</summary>
    public required ImmutableArray<string> Labels { get; init; }

    /// <summary>The line on which each class occurs first.</summary>
    public required ImmutableArray<long> LabelLines { get; init; }

    /// <summary>The features, row after row.</summary>
    public required float[] Values { get; init; }

    /// <summary>The index of each row's class in <see cref="Labels"/>, or the number to predict.</summary>
    public required float[] Targets { get; init; }

    /// <summary>The number of rows.</summary>
    public int Count => Targets.Length;

    /// <summary>The features of one row.</summary>
    public ReadOnlySpan<float> Row(int index) => Values.AsSpan(index * Features.Length, Features.Length);

    /// <summary>A compact copy of some rows, so that the others need not stay in memory. The classes stay those of the whole file.</summary>
    public CsvTable Select(ReadOnlySpan<int> indices)
    {
        var values = new float[indices.Length * Features.Length];
        var targets = new float[indices.Length];
        for (var position = 0; position < indices.Length; position++)
        {
            Row(indices[position]).CopyTo(values.AsSpan(position * Features.Length));
            targets[position] = Targets[indices[position]];
        }

        return new CsvTable
        {
            File = File,
            Label = Label,
            Kind = Kind,
            Features = Features,
            Labels = Labels,
            LabelLines = LabelLines,
            Values = values,
            Targets = targets,
        };
    }
}
