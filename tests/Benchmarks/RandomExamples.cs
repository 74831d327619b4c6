using OrleansEdge.EdgeAgent.Data;

namespace OrleansEdge.Benchmarks;

/// <summary>Noise in the shape of data.</summary>
internal sealed class RandomExamples : IExamples
{
    private readonly float[] inputs;
    private readonly float[] targets;

    public RandomExamples(int count, int inputLength, int classes)
    {
        var random = new Random(1);
        InputLength = inputLength;
        inputs = [.. Enumerable.Range(0, count * inputLength).Select(_ => random.NextSingle())];
        targets = [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(classes))];
    }

    public int Count => targets.Length;

    public int InputLength { get; }

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
