using System.Collections.Immutable;

namespace OrleansEdge.Contracts.Models;

/// <summary>The element type of a tensor in a <see cref="ModelLayout"/>.</summary>
public enum TensorType
{
    /// <summary>32-bit IEEE float: part of the flat vector.</summary>
    Float32 = 0,

    /// <summary>64-bit signed integer, such as BatchNorm's counter of batches: travels beside the vector.</summary>
    Int64 = 1,
}

/// <summary>One tensor of a model.</summary>
/// <param name="Name">The name in the module, such as <c>conv1.weight</c>.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The sizes of the dimensions; empty for a scalar.</param>
[GenerateSerializer, Immutable, Alias(Aliases.TensorDescription)]
public sealed record TensorDescription(
    [property: Id(0)] string Name,
    [property: Id(1)] TensorType Type,
    [property: Id(2)] ImmutableArray<long> Shape)
{
    /// <summary>The number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => checked(product * size));
}

/// <summary>
/// How a model's tensors lie in its flat vector: all <see cref="TensorType.Float32"/> tensors (parameters and floating buffers alike) one
/// after the other in the order of <see cref="Tensors"/>, little-endian; all <see cref="TensorType.Int64"/> tensors likewise in the
/// integer buffers that travel beside the vector.
/// </summary>
/// <param name="Tensors">All tensors, in the module's order.</param>
[GenerateSerializer, Immutable, Alias(Aliases.ModelLayout)]
public sealed record ModelLayout([property: Id(0)] ImmutableArray<TensorDescription> Tensors)
{
    /// <summary>The length of the flat vector, in elements.</summary>
    public long WeightCount => Count(TensorType.Float32);

    /// <summary>The length of the integer buffers, in elements.</summary>
    public long IntegerCount => Count(TensorType.Int64);

    /// <summary>Whether both layouts have the same names, types and shapes in the same order.</summary>
    public bool Matches(ModelLayout other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Tensors.Length == other.Tensors.Length && Tensors.Zip(other.Tensors).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type && pair.First.Shape.SequenceEqual(pair.Second.Shape));
    }

    private long Count(TensorType type) => Tensors.Where(tensor => tensor.Type == type).Sum(tensor => tensor.Elements);
}
