using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>What goes into a network and how many numbers come out.</summary>
/// <param name="Input">The shape of one example, without the batch dimension.</param>
/// <param name="Outputs">The number of outputs for one example.</param>
internal sealed record NetworkShape(ImmutableArray<int> Input, int Outputs)
{
    /// <summary>The number of floats in one example.</summary>
    public int InputLength => Input.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>The input shape for people: <c>1×28×28</c>.</summary>
    public string InputText => string.Join('×', Input);

    /// <summary>The shape that a task needs.</summary>
    /// <exception cref="ModelException">The task has no inputs or no outputs.</exception>
    public static NetworkShape Of(TaskDescription task) =>
        !task.InputShape.IsDefaultOrEmpty && task.InputShape.All(size => size > 0) && task.Outputs > 0
            ? new(task.InputShape, task.Outputs)
            : throw new ModelException("The data have no features or no labels, so no network fits them: check the data's specification.");

    /// <summary>The shape of a batch of inputs.</summary>
    public long[] Batch(int examples) => [examples, .. Input.Select(size => (long)size)];
}
