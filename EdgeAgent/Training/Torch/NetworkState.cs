using System.Collections.Immutable;
using OrleansEdge.Contracts.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>A network's tensors in the order of PyTorch's <c>state_dict</c>, and the copies between them and flat vectors.</summary>
internal sealed class NetworkState : IDisposable
{
    /// <param name="name">What to call the network in messages.</param>
    /// <param name="module">The network; the state only refers to its tensors.</param>
    /// <exception cref="ModelException">A tensor has another type than float32, or int64 for buffers, or nothing can be trained.</exception>
    public NetworkState(string name, nn.Module module)
    {
        Name = name;
        Tensors = [.. InModuleOrder(module).Select(pair => (Describe(name, pair.Key, pair.Value), pair.Value))];
        Layout = new([.. Tensors.Select(entry => entry.Description)]);
        Parameters = [.. module.parameters().Where(parameter => parameter.requires_grad)];
        HasStatistics = module.named_buffers().Any(buffer => buffer.buffer.dtype == ScalarType.Float32);
        if (Parameters.IsEmpty)
        {
            throw new ModelException($"{name} has no parameters that can be trained: save it without torch.jit.freeze and with requires_grad.");
        }
    }

    /// <summary>What to call the network in messages.</summary>
    public string Name { get; }

    /// <summary>The tensors, in the layout's order.</summary>
    public ImmutableArray<(TensorDescription Description, Tensor Tensor)> Tensors { get; }

    /// <summary>The layout of the flat vector.</summary>
    public ModelLayout Layout { get; }

    /// <summary>What the optimiser changes.</summary>
    public ImmutableArray<TorchSharp.Modules.Parameter> Parameters { get; }

    /// <summary>Whether the network keeps statistics over batches, as BatchNorm does.</summary>
    public bool HasStatistics { get; }

    /// <inheritdoc cref="ITrainer.Load"/>
    public void Load(ReadOnlySpan<byte> weights, ReadOnlySpan<byte> integers)
    {
        RequireLengths(weights.Length, integers.Length);
        foreach (var (description, tensor) in Tensors)
        {
            ref var source = ref description.Type == TensorType.Float32 ? ref weights : ref integers;
            using var target = tensor.is_contiguous() ? null : torch.empty(tensor.shape, tensor.dtype);
            var memory = (target ?? tensor).bytes;
            source[..memory.Length].CopyTo(memory);
            source = source[memory.Length..];
            if (target is not null)
            {
                using var ungraded = torch.no_grad();
                tensor.copy_(target);
            }
        }
    }

    /// <inheritdoc cref="ITrainer.Save"/>
    public void Save(Span<byte> weights, Span<byte> integers)
    {
        RequireLengths(weights.Length, integers.Length);
        foreach (var (description, tensor) in Tensors)
        {
            ref var target = ref description.Type == TensorType.Float32 ? ref weights : ref integers;
            using var source = tensor.is_contiguous() ? null : tensor.detach().contiguous();
            var memory = (source ?? tensor).bytes;
            memory.CopyTo(target);
            target = target[memory.Length..];
        }
    }

    /// <summary>Whether all weights are finite.</summary>
    public bool IsFinite()
    {
        using var scope = torch.NewDisposeScope();
        using var ungraded = torch.no_grad();
        return Tensors.Where(entry => entry.Description.Type == TensorType.Float32).All(entry => entry.Tensor.isfinite().all().item<bool>());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, tensor) in Tensors)
        {
            tensor.Dispose();
        }
    }

    // TorchSharp lists a script module's parameters first and its buffers last; PyTorch goes module by module.
    private static IEnumerable<KeyValuePair<string, Tensor>> InModuleOrder(nn.Module module)
    {
        var places = module.named_modules().Select((child, index) => (child.name, Place: index + 1))
            .ToDictionary(child => child.name, child => child.Place);
        return module.state_dict().OrderBy(pair =>
            pair.Key.LastIndexOf('.') is >= 0 and var dot ? places.GetValueOrDefault(pair.Key[..dot], int.MaxValue) : 0);
    }

    private static TensorDescription Describe(string network, string name, Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Float32 => new(name, TensorType.Float32, [.. tensor.shape]),
        ScalarType.Int64 => new(name, TensorType.Int64, [.. tensor.shape]),
        ScalarType.Float64 => throw Unsupported(network, name, "float64"),
        ScalarType.Float16 => throw Unsupported(network, name, "float16"),
        ScalarType.BFloat16 => throw Unsupported(network, name, "bfloat16"),
        var other => throw new ModelException(
            $"{network} has a tensor of type {other} ({name}), but only float32 and int64 are supported: convert it before saving."),
    };

    private static ModelException Unsupported(string network, string name, string type) =>
        new($"{network} has {type} parameters ({name}), but only float32 can be trained: convert it with module.float() before saving.");

    private void RequireLengths(int weights, int integers)
    {
        if (weights != Layout.WeightCount * sizeof(float) || integers != Layout.IntegerCount * sizeof(long))
        {
            throw new ModelException(
                $"{Name} has {Layout.WeightCount} weights and {Layout.IntegerCount} integers, but {weights} and {integers} bytes were given " +
                $"instead of {Layout.WeightCount * sizeof(float)} and {Layout.IntegerCount * sizeof(long)}: the weights belong to another network.");
        }
    }
}
