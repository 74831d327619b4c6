using System.Collections.Immutable;
using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using NamedLayer = (string Name, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> Layer);

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>The built-in networks, by name.</summary>
internal static class Architectures
{
    private const string Known = "2nn, cnn, niid-cnn, logistic, or mlp with its hidden sizes, such as mlp:64,32";
    private const int MaximumHidden = 16384;
    private const int MaximumLayers = 16;

    /// <summary>Makes a network, with weights that are not yet set.</summary>
    /// <exception cref="ModelException">The name is unknown, or the network does not fit the shape.</exception>
    public static Module<Tensor, Tensor> Create(string name, NetworkShape shape) => name switch
    {
        "2nn" => Perceptron([200, 200], shape),
        "cnn" => McMahan(shape),
        "niid-cnn" => NonIid(shape),
        "logistic" => Perceptron([], shape),
        _ when name.StartsWith("mlp:", StringComparison.Ordinal) => Perceptron(HiddenSizes(name), shape),
        _ => throw new ModelException($"There is no built-in network '{name}': use {Known}, or give the path of a TorchScript file."),
    };

    private static ImmutableArray<int> HiddenSizes(string name)
    {
        var texts = name["mlp:".Length..].Split(',');
        var sizes = texts.Select(text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= MaximumHidden ? size : 0).ToImmutableArray();
        return sizes.Length <= MaximumLayers && !sizes.Contains(0)
            ? sizes
            : throw new ModelException(
                $"'{name}' is not a network: after 'mlp:' write 1 to {MaximumLayers} hidden sizes, each 1 to {MaximumHidden}, such as mlp:64,32.");
    }

    // With hidden layers of 200 and 200, the 2NN of McMahan et al. 2017.
    private static Sequential Perceptron(ImmutableArray<int> hidden, NetworkShape shape)
    {
        List<NamedLayer> layers = [("flatten", Flatten())];
        var width = shape.InputLength;
        foreach (var size in hidden)
        {
            var number = layers.Count / 2 + 1;
            layers.Add(($"fc{number}", Linear(width, size)));
            layers.Add(($"relu{number}", ReLU()));
            width = size;
        }

        layers.Add(("output", Linear(width, shape.Outputs)));
        return Sequential(layers);
    }

    // The CNN of McMahan et al. 2017: 1,663,370 parameters for 28×28 pixels and 10 classes.
    private static Sequential McMahan(NetworkShape shape)
    {
        var (channels, height, width) = Image("cnn", shape, smallest: 4);
        return Sequential(
            ("conv1", Conv2d(channels, 32, 5, padding: 2)), ("relu1", ReLU()), ("pool1", MaxPool2d(2)),
            ("conv2", Conv2d(32, 64, 5, padding: 2)), ("relu2", ReLU()), ("pool2", MaxPool2d(2)),
            ("flatten", Flatten()),
            ("fc1", Linear(64L * (height / 4) * (width / 4), 512)), ("relu3", ReLU()),
            ("output", Linear(512, shape.Outputs)));
    }

    // The CNN of Li et al. 2022 ("Federated Learning on Non-IID Data Silos"): 44,426 parameters for 28×28 pixels and 10 classes.
    private static Sequential NonIid(NetworkShape shape)
    {
        var (channels, height, width) = Image("niid-cnn", shape, smallest: 16);
        return Sequential(
            ("conv1", Conv2d(channels, 6, 5)), ("relu1", ReLU()), ("pool1", MaxPool2d(2)),
            ("conv2", Conv2d(6, 16, 5)), ("relu2", ReLU()), ("pool2", MaxPool2d(2)),
            ("flatten", Flatten()),
            ("fc1", Linear(16L * Pooled(height) * Pooled(width), 120)), ("relu3", ReLU()),
            ("fc2", Linear(120, 84)), ("relu4", ReLU()),
            ("output", Linear(84, shape.Outputs)));

        static int Pooled(int size) => ((size - 4) / 2 - 4) / 2;
    }

    private static (int Channels, int Height, int Width) Image(string name, NetworkShape shape, int smallest) =>
        shape.Input is [var channels, var height, var width] && height >= smallest && width >= smallest
            ? (channels, height, width)
            : throw new ModelException($"The network {name} takes images of channels×height×width, at least {smallest}×{smallest} pixels, " +
                $"but the data have the shape {shape.InputText}: choose another network, such as mlp:64,32.");
}
