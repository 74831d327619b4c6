using System.Globalization;
using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Data.Splits;

namespace OrleansEdge.EdgeAgent.Data.Images;

/// <summary>A device's images of digits.</summary>
/// <param name="train">The device's part of the training set.</param>
/// <param name="test">The whole test set.</param>
/// <param name="scale">What a pixel is to a network.</param>
internal sealed class ImageDataSource(ImageSet train, ImageSet test, PixelScale scale) : IDataSource
{
    /// <summary>The classes: the task has ten of them, whichever occur on a device.</summary>
    public static IReadOnlyList<string> Labels { get; } =
        [.. Enumerable.Range(0, ImageSet.ClassCount).Select(digit => digit.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The shape of one image: channel, rows, columns.</summary>
    public static IReadOnlyList<int> InputShape { get; } = [1, ImageSet.Side, ImageSet.Side];

    /// <inheritdoc/>
    public DataSummary Describe(double heldOutShare) => new(
        TaskKind.Classification,
        [.. InputShape],
        [.. Labels],
        [],
        HeldOutSplit.Divide(train.Count, heldOutShare).Train.Length,
        [],
        []);

    /// <inheritdoc/>
    public DataParts Open(TaskDescription task, double heldOutShare)
    {
        if (task.Kind != TaskKind.Classification)
        {
            throw new DataException("The job predicts a number, and these data are images of ten classes: give this job a CSV file for regression.");
        }

        if (!task.InputShape.AsSpan().SequenceEqual([.. InputShape]))
        {
            throw new DataException(
                $"The job's inputs have the shape [{string.Join(", ", task.InputShape)}], and these images have [{string.Join(", ", InputShape)}]: " +
                "offer data of the job's shape under this name.");
        }

        var targets = new float[ImageSet.ClassCount];
        for (var digit = 0; digit < targets.Length; digit++)
        {
            targets[digit] = task.Labels.IndexOf(Labels[digit]);
        }

        RequireKnownLabels(train, targets, "training");
        RequireKnownLabels(test, targets, "test");
        var (trained, heldOut) = HeldOutSplit.Divide(train.Count, heldOutShare);
        var levels = scale.Levels();
        return new DataParts(
            new ImageExamples(train, heldOut.Length == 0 ? null : trained, targets, levels),
            new ImageExamples(train, heldOut, targets, levels),
            new ImageExamples(test, null, targets, levels));
    }

    private static void RequireKnownLabels(ImageSet set, float[] targets, string part)
    {
        foreach (var label in set.Labels)
        {
            if (targets[label] < 0)
            {
                throw new DataException(
                    $"The {part} images hold the label '{label}', which the job does not know: start a new job, whose classes all " +
                        "participants describe.");
            }
        }
    }
}
