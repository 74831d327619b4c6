using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Training;
using OrleansEdge.EdgeAgent.Data;

namespace OrleansEdge.EdgeAgent.Training;

/// <summary>Makes trainers. The seam behind which a numeric library stands: nothing outside its folder knows which one.</summary>
internal interface ITrainerFactory
{
    /// <summary>Makes the network for a task.</summary>
    /// <param name="source">A built-in architecture, or a TorchScript file.</param>
    /// <param name="torchScriptFile">The path of the TorchScript file where <paramref name="source"/> names one; otherwise null.</param>
    /// <param name="task">Input shape and number of outputs, which the network must fit.</param>
    /// <param name="seed">Seeds the initial weights; the same seed gives the same weights. A TorchScript file brings its own.</param>
    /// <exception cref="ModelException">The network is unknown, does not load, does not fit, or has parameters of an unsupported type.</exception>
    ITrainer Create(ModelSource source, string? torchScriptFile, TaskDescription task, ulong seed);
}

/// <summary>One network in memory. Used by one thread at a time; same inputs and seeds give bitwise the same weights.</summary>
internal interface ITrainer : IDisposable
{
    /// <summary>The tensors and their order in the flat vector.</summary>
    ModelLayout Layout { get; }

    /// <summary>Replaces all weights and integer buffers.</summary>
    /// <param name="weights">Little-endian fp32, <see cref="ModelLayout.WeightCount"/> elements.</param>
    /// <param name="integers">Little-endian int64, <see cref="ModelLayout.IntegerCount"/> elements.</param>
    void Load(ReadOnlySpan<byte> weights, ReadOnlySpan<byte> integers);

    /// <summary>Writes all weights and integer buffers, as <see cref="Load"/> takes them.</summary>
    void Save(Span<byte> weights, Span<byte> integers);

    /// <summary>Trains on the local data from the weights as they are, with a fresh optimiser.</summary>
    /// <param name="examples">The training data.</param>
    /// <param name="options">Epochs, batch size, optimiser.</param>
    /// <param name="seed">Seeds the order of the examples and everything random in the network.</param>
    /// <param name="progress">Told the share done, 0 to 1, a few times a second at most; may be null.</param>
    /// <param name="cancellation">Checked between steps.</param>
    /// <exception cref="ModelException">A loss was not finite, or memory ran out.</exception>
    TrainingResult Train(IExamples examples, TrainingOptions options, ulong seed, IProgress<double>? progress, CancellationToken cancellation);

    /// <summary>Measures the weights as they are; changes nothing.</summary>
    EvaluationSums Evaluate(IExamples examples, CancellationToken cancellation);
}

/// <summary>What came of local training.</summary>
/// <param name="Steps">The number of optimiser steps.</param>
/// <param name="LossSum">The sum of the examples' losses over the last epoch, before each step.</param>
/// <param name="Examples">The number of examples in an epoch.</param>
/// <param name="ProcessorTime">Processor time of the training thread.</param>
internal readonly record struct TrainingResult(long Steps, double LossSum, long Examples, TimeSpan ProcessorTime);

/// <summary>A model cannot be used here. The message is one sentence for a person.</summary>
internal sealed class ModelException(string message, Exception? inner = null) : Exception(message, inner);
