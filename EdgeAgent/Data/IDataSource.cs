using OrleansEdge.Contracts.Data;

namespace OrleansEdge.EdgeAgent.Data;

/// <summary>
/// Data that a participant offers under one name, opened from a specification such as <c>mnist:FOLDER</c>. Opening checks the files;
/// a fault is a <see cref="DataException"/> with one sentence that says what to do.
/// </summary>
internal interface IDataSource
{
    /// <summary>Counts, sums and sums of squares of the part that is trained on.</summary>
    /// <param name="heldOutShare">The share, 0 to below 1, that is held out of training.</param>
    DataSummary Describe(double heldOutShare);

    /// <summary>The three parts of the data as a network takes them.</summary>
    /// <param name="task">The job's task, whose labels, features and constants hold for all participants.</param>
    /// <param name="heldOutShare">The share, 0 to below 1, that is held out of training.</param>
    /// <exception cref="DataException">The data do not fit the task: another shape, a label never seen.</exception>
    DataParts Open(TaskDescription task, double heldOutShare);
}

/// <summary>The parts of a participant's data.</summary>
/// <param name="Train">What is trained on.</param>
/// <param name="HeldOut">What federated evaluation uses; may be empty.</param>
/// <param name="Test">The source's own test set, which central evaluation uses; empty where the source has none.</param>
internal sealed record DataParts(IExamples Train, IExamples HeldOut, IExamples Test);

/// <summary>A list of examples that can be read in any order. Implementations hold no native memory and may be read from several threads.</summary>
internal interface IExamples
{
    /// <summary>The number of examples.</summary>
    int Count { get; }

    /// <summary>The number of floats in one example: the product of the task's input shape.</summary>
    int InputLength { get; }

    /// <summary>Writes the inputs of the examples at <paramref name="indices"/>, one after the other.</summary>
    void ReadInputs(ReadOnlySpan<int> indices, Span<float> inputs);

    /// <summary>Writes the targets: the index of the class in the task's labels, or the standardised number for regression.</summary>
    void ReadTargets(ReadOnlySpan<int> indices, Span<float> targets);
}

/// <summary>Local data are wrong or missing. The message is one sentence for a person.</summary>
internal sealed class DataException(string message, Exception? inner = null) : Exception(message, inner);
