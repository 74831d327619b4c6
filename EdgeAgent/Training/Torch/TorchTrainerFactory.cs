using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using TorchSharp;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>Makes trainers that compute with TorchSharp.</summary>
/// <param name="probe">Tries TorchScript files before they are loaded into this process.</param>
/// <param name="timeProvider">The clock of progress reports.</param>
/// <param name="threads">Threads within one operation; only 1 gives the same weights everywhere.</param>
internal sealed class TorchTrainerFactory(TorchScriptProbe probe, TimeProvider timeProvider, int threads = 1) : ITrainerFactory
{
    /// <inheritdoc/>
    public ITrainer Create(ModelSource source, string? torchScriptFile, TaskDescription task, ulong seed)
    {
        var shape = NetworkShape.Of(task);
        torch.set_num_threads(threads);
        return torchScriptFile is null
            ? BuiltIn(source.Architecture, shape, task, seed)
            : FromFile(new(torchScriptFile, Path.GetFileName(source.Architecture)), source.TorchScript, shape, task);
    }

    private TorchTrainer BuiltIn(string architecture, NetworkShape shape, TaskDescription task, ulong seed)
    {
        try
        {
            var network = new Network(architecture, Architectures.Create(architecture, shape), shape, drawsRandomNumbers: false);
            WeightInitialisation.Apply(network.State, seed);
            return new(network, task, timeProvider, threads);
        }
        catch (Exception fault) when (TorchFaults.IsFault(fault))
        {
            throw TorchFaults.While(architecture, "building", fault);
        }
    }

    private TorchTrainer FromFile(TorchScriptFile file, ContentHash? hash, NetworkShape shape, TaskDescription task)
    {
        // The calling thread trains next and has nothing else to do.
        probe.CheckAsync(file, hash, shape, CancellationToken.None).GetAwaiter().GetResult();
        var network = new Network(file.Name, TorchScriptNetwork.Load(file), shape, TorchScriptNetwork.DrawsRandomNumbers(file));
        return new(network, task, timeProvider, threads);
    }
}
