using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OrleansEdge.EdgeAgent.Training;

/// <summary>Updates as differences of flat vectors of little-endian fp32. Each element is rounded once: the same on every processor.</summary>
internal static class UpdateVector
{
    /// <summary>Writes <c>trained − origin</c>; <paramref name="delta"/> may be either of the two.</summary>
    /// <exception cref="ArgumentException">The vectors have different lengths, or not a whole number of elements.</exception>
    public static void Subtract(ReadOnlySpan<byte> trained, ReadOnlySpan<byte> origin, Span<byte> delta)
    {
        RequireSameLength(trained.Length, origin.Length, delta.Length);
        TensorPrimitives.Subtract(Floats(trained), Floats(origin), MemoryMarshal.Cast<byte, float>(delta));
    }

    /// <summary>Writes <c>origin + delta</c>; <paramref name="result"/> may be either of the two.</summary>
    /// <exception cref="ArgumentException">The vectors have different lengths, or not a whole number of elements.</exception>
    public static void Add(ReadOnlySpan<byte> origin, ReadOnlySpan<byte> delta, Span<byte> result)
    {
        RequireSameLength(origin.Length, delta.Length, result.Length);
        TensorPrimitives.Add(Floats(origin), Floats(delta), MemoryMarshal.Cast<byte, float>(result));
    }

    private static ReadOnlySpan<float> Floats(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, float>(bytes);

    private static void RequireSameLength(int first, int second, int result)
    {
        if (first != second || first != result || first % sizeof(float) != 0)
        {
            throw new ArgumentException(
                $"Vectors of {first}, {second} and {result} bytes do not fit: all need the same whole number of 4-byte elements.");
        }
    }
}
