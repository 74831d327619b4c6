using System.Runtime.InteropServices;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>
/// Initial weights from a seed: uniform in ±1/√(inputs of the layer) for weights and biases, which is PyTorch's default for linear and
/// convolutional layers. Drawn here and not by the library, whose generator is shared by the whole process.
/// </summary>
internal static class WeightInitialisation
{
    /// <summary>Sets all weights. A layer's weight comes before its bias.</summary>
    public static void Apply(NetworkState state, ulong seed)
    {
        var random = new SplitMix64(seed);
        var bound = 1.0;
        foreach (var (description, tensor) in state.Tensors)
        {
            if (description.Shape.Length > 1)
            {
                bound = 1 / Math.Sqrt(description.Elements / (double)description.Shape[0]);
            }

            foreach (ref var weight in MemoryMarshal.Cast<byte, float>(tensor.bytes))
            {
                weight = (float)((2.0 * random.NextFloat() - 1) * bound);
            }
        }
    }
}
