using OrleansEdge.EdgeAgent.Training;

namespace OrleansEdge.EdgeAgent.Tests.Training.Torch;

public sealed class ArchitecturesTests
{
    [Theory]
    [InlineData("2nn", 199_210)]
    [InlineData("cnn", 1_663_370)]
    [InlineData("niid-cnn", 44_426)]
    [InlineData("logistic", 7_850)]
    [InlineData("mlp:64,32", 784 * 64 + 64 + 64 * 32 + 32 + 32 * 10 + 10)]
    public void Built_in_network_has_the_published_number_of_parameters(string architecture, long parameters)
    {
        using var trainer = Trainers.Create(architecture, SyntheticExamples.Task(1, 28, 28));

        Assert.Equal(parameters, trainer.Layout.WeightCount);
        Assert.Equal(0, trainer.Layout.IntegerCount);
    }

    [Fact]
    public void Tensors_have_names_and_shapes_as_in_a_state_dict()
    {
        using var trainer = Trainers.Create("niid-cnn", SyntheticExamples.Task(3, 32, 32));

        Assert.Equal(
            ["conv1.weight 6,3,5,5", "conv1.bias 6", "conv2.weight 16,6,5,5", "conv2.bias 16", "fc1.weight 120,400", "fc1.bias 120",
                "fc2.weight 84,120", "fc2.bias 84", "output.weight 10,84", "output.bias 10"],
            trainer.Layout.Tensors.Select(tensor => $"{tensor.Name} {string.Join(',', tensor.Shape)}"));
    }

    [Theory]
    [InlineData("cnn", "24")]
    [InlineData("niid-cnn", "24")]
    [InlineData("cnn", "1,3,28")]
    [InlineData("niid-cnn", "1,15,28")]
    public void Network_for_images_refuses_other_shapes_and_names_both(string architecture, string shape)
    {
        var task = SyntheticExamples.Task([.. shape.Split(',').Select(int.Parse)]);

        var refusal = Assert.Throws<ModelException>(() => Trainers.Create(architecture, task));

        Assert.Contains($"{architecture} takes images of channels×height×width", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"the shape {shape.Replace(',', '×')}:", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resnet", "There is no built-in network 'resnet'")]
    [InlineData("mlp:", "'mlp:' is not a network")]
    [InlineData("mlp:0", "'mlp:0' is not a network")]
    [InlineData("mlp:64,-3", "'mlp:64,-3' is not a network")]
    [InlineData("mlp:99999999999", "'mlp:99999999999' is not a network")]
    public void Unknown_network_is_refused_with_what_is_allowed(string architecture, string beginning)
    {
        var refusal = Assert.Throws<ModelException>(() => Trainers.Create(architecture, SyntheticExamples.Task(24)));

        Assert.StartsWith(beginning, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("mlp:64,32", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Task_without_labels_is_refused() =>
        Assert.Contains("no labels",
            Assert.Throws<ModelException>(() => Trainers.Create("2nn", SyntheticExamples.Task(24) with { Labels = [] })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Initial_weights_are_uniform_within_the_bound_of_each_layer()
    {
        using var trainer = Trainers.Create("logistic", SyntheticExamples.Task(400));
        var weights = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(trainer.Save().Weights).ToArray();

        Assert.InRange(weights.Max(), 0.049f, 0.05f);
        Assert.InRange(weights.Min(), -0.05f, -0.049f);
        Assert.InRange(weights.Average(), -0.002f, 0.002f);
    }
}
