using OrleansEdge.EdgeAgent.Data.Csv;
using OrleansEdge.EdgeAgent.Data.Generated;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.EdgeAgent.Data.Splits;

namespace OrleansEdge.EdgeAgent.Data;

/// <summary>Opens data. May be used from several threads.</summary>
/// <param name="download">Brings MNIST where a specification names no folder.</param>
/// <param name="keepLoaded">
/// Whether whole data sets stay in memory: right where one process opens many parts of one set, which is then read once.
/// </param>
internal sealed class DataSourceFactory(MnistDownload download, bool keepLoaded = false)
{
    private readonly Lock gate = new();
    private readonly Dictionary<DataSpecification, DataSet> loaded = [];

    /// <summary>Opens data, or one device's part of them.</summary>
    /// <param name="specification">What to open.</param>
    /// <param name="assignment">The part that this device holds; null for everything.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <exception cref="DataException">The data are missing or wrong, or cannot be split so.</exception>
    public async Task<IDataSource> OpenAsync(DataSpecification specification, DataAssignment? assignment, CancellationToken cancellation)
    {
        var data = await LoadAsync(specification, cancellation).ConfigureAwait(false);
        if (assignment is null)
        {
            return data.ToSource(null);
        }

        var parts = DataSplit.Divide(assignment.Split, data.TrainCount, data.Classes(), assignment.Part.Count, assignment.Seed);
        return data.ToSource(parts[assignment.Part.Number - 1]);
    }

    /// <summary>Reads a whole data set.</summary>
    /// <exception cref="DataException">The data are missing or wrong.</exception>
    public async Task<DataSet> LoadAsync(DataSpecification specification, CancellationToken cancellation)
    {
        if (specification is { Kind: DataKind.Mnist, Path: null })
        {
            specification = specification with { Path = await download.EnsureAsync(cancellation).ConfigureAwait(false) };
        }

        if (!keepLoaded)
        {
            return Load(specification);
        }

        lock (gate)
        {
            if (!loaded.TryGetValue(specification, out var data))
            {
                loaded[specification] = data = Load(specification);
            }

            return data;
        }
    }

    private static DataSet Load(DataSpecification specification) => specification.Kind switch
    {
        DataKind.Mnist => LoadMnist(specification),
        DataKind.Csv => LoadCsv(specification),
        _ => new ImageDataSet(
            GeneratedDigits.Make(
                Math.Min(specification.Examples, specification.First ?? int.MaxValue), specification.Seed, GeneratedDigits.TrainStream),
            GeneratedDigits.Make(GeneratedDigits.TestExamples, specification.Seed, GeneratedDigits.TestStream),
            PixelScale.Unit),
    };

    private static ImageDataSet LoadMnist(DataSpecification specification)
    {
        // The test set is small: a fault in it shows before the large file is read.
        var test = MnistFiles.ReadTest(specification.Path!);
        return new ImageDataSet(MnistFiles.ReadTrain(specification.Path!, specification.First), test, PixelScale.Mnist);
    }

    private static CsvDataSet LoadCsv(DataSpecification specification)
    {
        var train = CsvReader.Read(specification.Path!, specification.Label!, specification.TaskKind, specification.First);
        if (specification.TestPath is null)
        {
            return new CsvDataSet(train, null);
        }

        var test = CsvReader.Read(specification.TestPath, specification.Label!, train.Kind, first: null);
        return test.Features.AsSpan().SequenceEqual(train.Features.AsSpan())
            ? new CsvDataSet(train, test)
            : throw new DataException(
                $"The columns of the test file '{test.File}' are not those of '{train.File}': give both files the same columns in the same order.");
    }
}
