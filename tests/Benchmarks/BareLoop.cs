using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace OrleansEdge.Benchmarks;

/// <summary>The shortest loop that trains McMahan's CNN with TorchSharp: all batches lie ready as tensors, nothing is checked.</summary>
internal sealed class BareLoop : IDisposable
{
    private readonly Sequential network = Sequential(
        ("conv1", Conv2d(1, 32, 5, padding: 2)), ("relu1", ReLU()), ("pool1", MaxPool2d(2)),
        ("conv2", Conv2d(32, 64, 5, padding: 2)), ("relu2", ReLU()), ("pool2", MaxPool2d(2)),
        ("flatten", Flatten()), ("fc1", Linear(3136, 512)), ("relu3", ReLU()), ("output", Linear(512, 10)));

    private readonly List<(Tensor Inputs, Tensor Targets)> batches;

    public BareLoop(int batchSize, int steps)
    {
        torch.set_num_threads(1);
        batches = [.. Enumerable.Range(0, steps).Select(_ =>
            (torch.rand(batchSize, 1, 28, 28), torch.randint(0, 10, [batchSize], ScalarType.Int64)))];
    }

    /// <summary>Trains once on all batches.</summary>
    public void Train()
    {
        using var optimiser = optim.SGD(network.parameters(), 0.01);
        network.train();
        foreach (var (inputs, targets) in batches)
        {
            using var scope = torch.NewDisposeScope();
            optimiser.zero_grad();
            functional.cross_entropy(network.call(inputs), targets).backward();
            optimiser.step();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        network.Dispose();
        batches.ForEach(batch =>
        {
            batch.Inputs.Dispose();
            batch.Targets.Dispose();
        });
    }
}
