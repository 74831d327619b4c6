using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Data.Splits;

namespace OrleansEdge.EdgeAgent.Data.Csv;

/// <summary>A device's rows of a table.</summary>
/// <param name="train">The device's part of the training set.</param>
/// <param name="test">The whole test set; null where there is none.</param>
internal sealed class CsvDataSource(CsvTable train, CsvTable? test) : IDataSource
{
    /// <inheritdoc/>
    public DataSummary Describe(double heldOutShare)
    {
        var trained = HeldOutSplit.Divide(train.Count, heldOutShare).Train;
        var width = train.Features.Length;
        var hasTarget = train.Kind == TaskKind.Regression;
        var sums = new double[hasTarget ? width + 1 : width];
        var squares = new double[sums.Length];
        foreach (var index in trained)
        {
            var row = train.Row(index);
            for (var feature = 0; feature < width; feature++)
            {
                Add(feature, row[feature]);
            }

            if (hasTarget)
            {
                Add(width, train.Targets[index]);
            }
        }

        return new DataSummary(train.Kind, [width], train.Labels, train.Features, trained.Length, [.. sums], [.. squares]);

        void Add(int position, double value)
        {
            sums[position] += value;
            squares[position] += value * value;
        }
    }

    /// <inheritdoc/>
    public DataParts Open(TaskDescription task, double heldOutShare)
    {
        var standardisation = RequireFit(task);
        var (trained, heldOut) = HeldOutSplit.Divide(train.Count, heldOutShare);
        var targets = MapClasses(train, task);
        return new DataParts(
            new CsvExamples(train, heldOut.Length == 0 ? null : trained, standardisation, targets),
            new CsvExamples(train, heldOut, standardisation, targets),
            test is null
                ? new CsvExamples(train, [], standardisation, targets)
                : new CsvExamples(test, null, standardisation, MapClasses(test, task)));
    }

    private Standardisation RequireFit(TaskDescription task)
    {
        if (task.Kind != train.Kind)
        {
            throw new DataException(
                $"The job does {Name(task.Kind)}, and the column '{train.Label}' of '{train.File}' is for {Name(train.Kind)}: " +
                $"add kind={Name(task.Kind)} to the data if that is what the column holds, or name another label column.");
        }

        if (!task.Features.AsSpan().SequenceEqual(train.Features.AsSpan()))
        {
            throw new DataException(
                $"The columns of '{train.File}' are not the job's features: {Difference(task)}; give all participants the same columns in " +
                    "the same order.");
        }

        return task.Standardisation is { } constants && constants.Means.Length == train.Features.Length
            && constants.Deviations.Length == train.Features.Length
            ? constants
            : throw new DataException($"The job has no standardisation constants for the columns of '{train.File}': start a new job, so " +
                "that they are made.");
    }

    private string Difference(TaskDescription task)
    {
        var missing = task.Features.Except(train.Features, StringComparer.Ordinal).Take(5).ToArray();
        var unknown = train.Features.Except(task.Features, StringComparer.Ordinal).Take(5).ToArray();
        return (missing.Length, unknown.Length) switch
        {
            (0, 0) => "they are in another order",
            (_, 0) => $"the file lacks {string.Join(", ", missing)}",
            (0, _) => $"the job does not know {string.Join(", ", unknown)}",
            _ => $"the file lacks {string.Join(", ", missing)}, and the job does not know {string.Join(", ", unknown)}",
        };
    }

    private static float[]? MapClasses(CsvTable table, TaskDescription task)
    {
        if (task.Kind == TaskKind.Regression)
        {
            return null;
        }

        var targets = new float[table.Labels.Length];
        for (var index = 0; index < targets.Length; index++)
        {
            targets[index] = task.Labels.IndexOf(table.Labels[index]);
            if (targets[index] < 0)
            {
                throw new DataException(
                    $"{CsvNumber.Place(table.File, table.LabelLines[index], table.Label)} holds the label '{table.Labels[index]}', which " +
                    "the job does not know: correct the row, or start a new job, whose classes are those of the participants' training data.");
            }
        }

        return targets;
    }

    private static string Name(TaskKind kind) => kind == TaskKind.Regression ? "regression" : "classification";
}
