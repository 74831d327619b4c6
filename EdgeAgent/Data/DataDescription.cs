using OrleansEdge.EdgeAgent.Data.Splits;

namespace OrleansEdge.EdgeAgent.Data;

/// <summary>What a data set holds, and what of it each device would hold.</summary>
/// <param name="Data">The specification, as written.</param>
/// <param name="Kind">Classification or regression, in lower case.</param>
/// <param name="InputShape">The shape of one example.</param>
/// <param name="Labels">The classes; empty for regression.</param>
/// <param name="Features">The names of the columns; empty for images.</param>
/// <param name="Examples">The number of training examples.</param>
/// <param name="TestExamples">The number of test examples.</param>
/// <param name="Split">How the training examples divide.</param>
/// <param name="Seed">Seeds the split.</param>
/// <param name="Devices">What each device holds, in the order of the parts.</param>
internal sealed record DataDescription(
    string Data,
    string Kind,
    IReadOnlyList<int> InputShape,
    IReadOnlyList<string> Labels,
    IReadOnlyList<string> Features,
    int Examples,
    int TestExamples,
    string Split,
    ulong Seed,
    IReadOnlyList<DeviceDescription> Devices)
{
    /// <summary>Divides a data set and counts.</summary>
    /// <exception cref="DataException">The data cannot be divided so.</exception>
    public static DataDescription Create(string text, DataSet data, SplitSpecification split, int devices, ulong seed)
    {
        var classes = data.Classes();
        var parts = DataSplit.Divide(split, data.TrainCount, classes, devices, seed);
        return new DataDescription(
            text,
            data.Kind == Contracts.Data.TaskKind.Regression ? "regression" : "classification",
            data.InputShape,
            data.Labels,
            data.Features,
            data.TrainCount,
            data.TestCount,
            split.ToString(),
            seed,
            [.. parts.Select((part, index) => new DeviceDescription(
                new Part(index + 1, devices).ToString(), part.Length, Count(part, classes, data.Labels.Length)))]);
    }

    private static int[] Count(int[] part, int[] classes, int classCount)
    {
        var counts = new int[classCount];
        if (classCount > 0)
        {
            foreach (var index in part)
            {
                counts[classes[index]]++;
            }
        }

        return counts;
    }
}

/// <summary>What one device would hold.</summary>
/// <param name="Part">Which part, as <c>--part</c> takes it.</param>
/// <param name="Examples">The number of training examples.</param>
/// <param name="Classes">How many of them are of each class, in the order of the labels.</param>
internal sealed record DeviceDescription(string Part, int Examples, IReadOnlyList<int> Classes);
