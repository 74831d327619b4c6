using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Data;

namespace OrleansEdge.EdgeAgent.Tests.Training.Torch;

/// <summary>Noise around one random prototype for each class; for regression the target is a weighted sum of the inputs.</summary>
internal sealed class SyntheticExamples : IExamples
{
    private readonly float[] inputs;
    private readonly float[] targets;

    public SyntheticExamples(TaskDescription task, int count, int seed)
    {
        var prototypes = new Random(1);
        var random = new Random(seed);
        InputLength = task.InputShape.Aggregate(1, (product, size) => product * size);
        var classes = Math.Max(task.Labels.Length, 1);
        float[][] centres = [.. Enumerable.Range(0, classes).Select(_ =>
            Enumerable.Range(0, InputLength).Select(_ => prototypes.NextSingle() * 4 - 2).ToArray())];
        inputs = new float[count * InputLength];
        targets = new float[count];
        for (var example = 0; example < count; example++)
        {
            var label = random.Next(classes);
            var input = inputs.AsSpan(example * InputLength, InputLength);
            for (var index = 0; index < InputLength; index++)
            {
                input[index] = centres[label][index] + random.NextSingle() * 0.2f - 0.1f;
            }

            targets[example] = task.Kind == TaskKind.Classification ? label : input[0] * 2 - input[InputLength - 1];
        }
    }

    public int Count => targets.Length;

    public int InputLength { get; }

    public static TaskDescription Task(params int[] shape) =>
        new(TaskKind.Classification, [.. shape], [.. Enumerable.Range(0, 10).Select(label => $"{label}")], [], null);

    public static TaskDescription RegressionTask(int features) => new(TaskKind.Regression, [features], ImmutableArray<string>.Empty, [], null);

    public void Set(int index, float value) => inputs[index] = value;

    public void ReadInputs(ReadOnlySpan<int> indices, Span<float> values)
    {
        for (var index = 0; index < indices.Length; index++)
        {
            inputs.AsSpan(indices[index] * InputLength, InputLength).CopyTo(values[(index * InputLength)..]);
        }
    }

    public void ReadTargets(ReadOnlySpan<int> indices, Span<float> values)
    {
        for (var index = 0; index < indices.Length; index++)
        {
            values[index] = targets[indices[index]];
        }
    }
}
