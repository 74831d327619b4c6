using TorchSharp;
using static TorchSharp.torch;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>A module with its tensors.</summary>
internal sealed class Network : IDisposable
{
    private static readonly Lock GeneratorGate = new();

    private readonly nn.Module module;
    private readonly nn.IModule<Tensor, Tensor> function;
    private readonly bool drawsRandomNumbers;

    /// <param name="name">What to call the network in messages.</param>
    /// <param name="module">The module, from one tensor to one tensor, which is disposed of with this.</param>
    /// <param name="shape">What goes in and comes out.</param>
    /// <param name="drawsRandomNumbers">Whether a forward pass in training draws random numbers.</param>
    public Network(string name, nn.Module module, NetworkShape shape, bool drawsRandomNumbers)
    {
        this.module = module;
        function = (nn.IModule<Tensor, Tensor>)module;
        this.drawsRandomNumbers = drawsRandomNumbers;
        Shape = shape;
        try
        {
            State = new(name, module);
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>What goes in and comes out.</summary>
    public NetworkShape Shape { get; }

    /// <summary>The tensors.</summary>
    public NetworkState State { get; }

    /// <summary>Changes to training, or back to evaluation.</summary>
    public void Training(bool on) => module.train(on);

    /// <summary>The outputs for a batch.</summary>
    public Tensor Evaluate(Tensor inputs) => function.call(inputs);

    /// <summary>The outputs for a batch in training.</summary>
    /// <param name="inputs">The batch.</param>
    /// <param name="seed">Seeds what the network draws in this step.</param>
    public Tensor Forward(Tensor inputs, long seed)
    {
        if (!drawsRandomNumbers)
        {
            return function.call(inputs);
        }

        // Dropout draws from the library's one generator, shared by all trainers of the process: each step seeds it and keeps it to itself.
        // The backward pass draws nothing, it uses the mask of the forward pass.
        lock (GeneratorGate)
        {
            Generator.Default.manual_seed(seed);
            return function.call(inputs);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        State.Dispose();
        module.Dispose();
    }
}
