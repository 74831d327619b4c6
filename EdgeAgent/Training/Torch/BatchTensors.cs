using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>One batch in native memory, which examples are read into directly and which every step uses again.</summary>
internal sealed class BatchTensors : IDisposable
{
    private readonly Tensor inputs;
    private readonly Tensor targets;
    private readonly float[] classes;
    private readonly bool classification;
    private readonly int inputLength;

    /// <param name="task">Gives the shape of an example and the kind of the targets.</param>
    /// <param name="capacity">The number of examples in the largest batch.</param>
    public BatchTensors(TaskDescription task, int capacity)
    {
        classification = task.Kind == TaskKind.Classification;
        inputLength = task.InputShape.Aggregate(1, (product, size) => product * size);
        inputs = torch.empty([capacity, .. task.InputShape.Select(size => (long)size)], ScalarType.Float32);
        targets = classification ? torch.empty([capacity], ScalarType.Int64) : torch.empty([capacity, 1], ScalarType.Float32);
        classes = new float[capacity];
    }

    /// <summary>Reads a batch. The tensors are views: valid until the next call.</summary>
    public (Tensor Inputs, Tensor Targets) Read(IExamples examples, ReadOnlySpan<int> indices)
    {
        examples.ReadInputs(indices, MemoryMarshal.Cast<byte, float>(inputs.bytes)[..(indices.Length * inputLength)]);
        if (classification)
        {
            examples.ReadTargets(indices, classes.AsSpan(0, indices.Length));
            var native = MemoryMarshal.Cast<byte, long>(targets.bytes);
            for (var index = 0; index < indices.Length; index++)
            {
                native[index] = (long)classes[index];
            }
        }
        else
        {
            examples.ReadTargets(indices, MemoryMarshal.Cast<byte, float>(targets.bytes)[..indices.Length]);
        }

        return (inputs.narrow(0, 0, indices.Length), targets.narrow(0, 0, indices.Length));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        inputs.Dispose();
        targets.Dispose();
    }
}
