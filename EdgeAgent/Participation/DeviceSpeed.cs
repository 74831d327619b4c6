using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Training;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Training;

namespace OrleansEdge.EdgeAgent.Participation;

/// <summary>How fast this device trains, measured: examples a second of the network <c>2nn</c> in batches of 32 on one thread.</summary>
internal static class DeviceSpeed
{
    private const int Examples = 1024;

    private static readonly TaskDescription Task = new(
        TaskKind.Classification, [1, 28, 28], [.. Enumerable.Range(0, 10).Select(label => $"{label}")], [], null);

    /// <summary>Measures; takes about a tenth of a second after the library is loaded.</summary>
    public static double Measure(ITrainerFactory factory, TimeProvider time)
    {
        using var trainer = factory.Create(new ModelSource("2nn", null), null, Task, seed: 1);
        var examples = new Blank(Examples, 28 * 28);
        trainer.Train(examples, new TrainingOptions(), seed: 1, null, CancellationToken.None);
        var started = time.GetTimestamp();
        trainer.Train(examples, new TrainingOptions(), seed: 1, null, CancellationToken.None);
        return Math.Round(Examples / Math.Max(1e-6, time.GetElapsedTime(started).TotalSeconds));
    }

    /// <summary>Examples without content: the time of a step does not depend on it.</summary>
    private sealed class Blank(int count, int inputLength) : IExamples
    {
        public int Count => count;

        public int InputLength => inputLength;

        public void ReadInputs(ReadOnlySpan<int> indices, Span<float> inputs) => inputs[..(indices.Length * inputLength)].Fill(0.5f);

        public void ReadTargets(ReadOnlySpan<int> indices, Span<float> targets) => targets[..indices.Length].Clear();
    }
}
