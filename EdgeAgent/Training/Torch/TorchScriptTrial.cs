using TorchSharp;
using static TorchSharp.torch;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>Runs a TorchScript file's code on made-up examples: only for a process that may die.</summary>
internal static class TorchScriptTrial
{
    private const int Examples = 2;

    /// <summary>Limits this process for good, then runs the network forward and backward, as evaluation and training do.</summary>
    /// <exception cref="ModelException">The network does not load, does not run, or does not fit.</exception>
    public static void Run(TorchScriptFile file, NetworkShape shape, ProbeLimits limits)
    {
        // The library is in memory before the limit holds, so that the limit is the file's alone.
        torch.set_num_threads(1);
        using var inputs = torch.zeros(shape.Batch(Examples));
        ProcessLimits.LimitProcessorTime(limits.Time);
        ProcessLimits.LimitFurtherMemory(limits.Memory);

        using var module = TorchScriptNetwork.Load(file);
        using var state = new NetworkState(file.Name, module);
        using var scope = torch.NewDisposeScope();
        try
        {
            module.eval();
            RequireOutputs(file.Name, module.call(inputs), shape);
            module.train();
            var outputs = module.call(inputs);
            RequireOutputs(file.Name, outputs, shape);
            outputs.sum().backward();
        }
        catch (Exception fault) when (TorchFaults.IsFault(fault))
        {
            throw TorchFaults.IsOutOfMemory(fault)
                ? new ModelException(
                    $"{file.Name} needs more than {limits.Memory >> 20} MiB of memory for {Examples} examples: " +
                    "use a smaller network, or allow the probe more memory.", fault)
                : new ModelException($"{file.Name} does not run on inputs of the shape {shape.InputText}: {TorchFaults.Reason(fault)}.", fault);
        }
    }

    private static void RequireOutputs(string name, Tensor outputs, NetworkShape shape)
    {
        if (outputs.dtype != ScalarType.Float32)
        {
            throw new ModelException($"{name} returns numbers of type {outputs.dtype}, not float32: convert it with module.float() before saving.");
        }

        if (!outputs.shape.SequenceEqual([Examples, shape.Outputs]))
        {
            throw new ModelException(
                $"{name} returns the shape {string.Join('×', outputs.shape)} for {Examples} examples of the shape {shape.InputText}, " +
                $"but the data need {Examples}×{shape.Outputs}: give the network {shape.Outputs} outputs.");
        }
    }
}
