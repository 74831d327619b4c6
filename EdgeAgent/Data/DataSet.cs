using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Data.Csv;
using OrleansEdge.EdgeAgent.Data.Images;

namespace OrleansEdge.EdgeAgent.Data;

/// <summary>A whole data set as loaded, of which a device takes its part.</summary>
internal abstract class DataSet
{
    /// <summary>What is predicted.</summary>
    public abstract TaskKind Kind { get; }

    /// <summary>The shape of one example.</summary>
    public abstract ImmutableArray<int> InputShape { get; }

    /// <summary>The classes of the training set; empty for regression.</summary>
    public abstract ImmutableArray<string> Labels { get; }

    /// <summary>The names of the columns; empty for images.</summary>
    public abstract ImmutableArray<string> Features { get; }

    /// <summary>The number of training examples.</summary>
    public abstract int TrainCount { get; }

    /// <summary>The number of test examples.</summary>
    public abstract int TestCount { get; }

    /// <summary>The index in <see cref="Labels"/> of each training example's class; empty for regression.</summary>
    public abstract int[] Classes();

    /// <summary>The data as one device holds them.</summary>
    /// <param name="part">The training examples that the device holds; null for all.</param>
    public abstract IDataSource ToSource(int[]? part);
}

/// <summary>Images of digits.</summary>
internal sealed class ImageDataSet(ImageSet train, ImageSet test, PixelScale scale) : DataSet
{
    /// <inheritdoc/>
    public override TaskKind Kind => TaskKind.Classification;

    /// <inheritdoc/>
    public override ImmutableArray<int> InputShape => [.. ImageDataSource.InputShape];

    /// <inheritdoc/>
    public override ImmutableArray<string> Labels => [.. ImageDataSource.Labels];

    /// <inheritdoc/>
    public override ImmutableArray<string> Features => [];

    /// <inheritdoc/>
    public override int TrainCount => train.Count;

    /// <inheritdoc/>
    public override int TestCount => test.Count;

    /// <inheritdoc/>
    public override int[] Classes() => Array.ConvertAll(train.Labels.ToArray(), label => (int)label);

    /// <inheritdoc/>
    public override IDataSource ToSource(int[]? part) => new ImageDataSource(part is null ? train : train.Select(part), test, scale);
}

/// <summary>A table.</summary>
internal sealed class CsvDataSet(CsvTable train, CsvTable? test) : DataSet
{
    /// <inheritdoc/>
    public override TaskKind Kind => train.Kind;

    /// <inheritdoc/>
    public override ImmutableArray<int> InputShape => [train.Features.Length];

    /// <inheritdoc/>
    public override ImmutableArray<string> Labels => train.Labels;

    /// <inheritdoc/>
    public override ImmutableArray<string> Features => train.Features;

    /// <inheritdoc/>
    public override int TrainCount => train.Count;

    /// <inheritdoc/>
    public override int TestCount => test?.Count ?? 0;

    /// <inheritdoc/>
    public override int[] Classes() => Kind == TaskKind.Regression ? [] : Array.ConvertAll(train.Targets, target => (int)target);

    /// <inheritdoc/>
    public override IDataSource ToSource(int[]? part) => new CsvDataSource(part is null ? train : train.Select(part), test);
}
