using System.IO.Compression;
using System.Text;
using System.Text.Json;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Training;
using OrleansEdge.EdgeAgent.Training;
using OrleansEdge.EdgeAgent.Training.Torch;
using OrleansEdge.Tests.Shared;
using TorchSharp;

namespace OrleansEdge.EdgeAgent.Tests.Training.Torch;

public sealed class TorchScriptTests
{
    private static readonly TaskDescription Images = SyntheticExamples.Task(1, 28, 28);
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("lenet")]
    [InlineData("batchnorm")]
    [InlineData("tabular")]
    public void Network_gives_the_outputs_of_PyTorch_and_its_names_in_order(string name)
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(WorkingTree.TorchScript($"{name}.json")));
        var shape = expected.RootElement.GetProperty("input_shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        float[] Numbers(string property) => [.. expected.RootElement.GetProperty(property).EnumerateArray().Select(number => number.GetSingle())];
        var module = TorchScriptNetwork.Load(Trainers.Script(name));
        using var network = new Network(name, module, new([.. shape[1..].Select(size => (int)size)], 10), drawsRandomNumbers: false);

        using var outputs = network.Evaluate(torch.tensor(Numbers("input")).reshape(shape));

        Assert.All(outputs.data<float>().Zip(Numbers("output")), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
        Assert.Equal(
            expected.RootElement.GetProperty("names").EnumerateArray().Select(entry => entry.GetString()),
            network.State.Layout.Tensors.Select(tensor => tensor.Name));
    }

    [Theory]
    [InlineData("lenet")]
    [InlineData("batchnorm")]
    [InlineData("tabular")]
    public void Training_lowers_the_loss_and_gives_the_same_bits_each_time(string name)
    {
        var task = name == "tabular" ? SyntheticExamples.Task(24) : Images;
        var examples = new SyntheticExamples(task, 161, seed: 3);
        var options = new TrainingOptions { Epochs = 3, BatchSize = 16, Optimiser = new() { LearningRate = 0.02, Momentum = 0.9 } };
        using var trainer = Trainers.FromFile(name, task);
        var (weights, integers) = trainer.Save();
        var before = trainer.Evaluate(examples, None);

        trainer.Train(examples, options, 5, null, None);
        var trained = trainer.Save();
        Assert.InRange(trainer.Evaluate(examples, None).LossSum, 0, before.LossSum * 0.95);

        // The interpreter optimises a network while it runs: that must not show in the weights.
        trainer.Load(weights, integers);
        trainer.Train(examples, options, 5, null, None);
        Assert.Equal(trained.Weights, trainer.Save().Weights);
        Assert.Equal(trained.Integers, trainer.Save().Integers);
    }

    [Fact]
    public void Training_moves_the_buffers_of_BatchNorm()
    {
        using var trainer = Trainers.FromFile("batchnorm", Images);
        var before = trainer.Save();

        // A last example that is left alone joins the step before, so 33 examples are 2 steps.
        var result = trainer.Train(new SyntheticExamples(Images, 33, seed: 3), new() { BatchSize = 16 }, 5, null, None);

        var after = trainer.Save();
        Assert.Equal(2, result.Steps);
        Assert.Equal(BitConverter.ToInt64(before.Integers) + 2, BitConverter.ToInt64(after.Integers));
        foreach (var name in new[] { "conv.weight", "norm.running_mean", "norm.running_var" })
        {
            Assert.NotEqual(Part(trainer, before.Weights, name), Part(trainer, after.Weights, name));
        }
    }

    [Fact]
    public void Evaluation_leaves_the_buffers_of_BatchNorm_alone()
    {
        using var trainer = Trainers.FromFile("batchnorm", Images);
        var before = trainer.Save();

        trainer.Evaluate(new SyntheticExamples(Images, 33, seed: 3), None);

        Assert.Equal(before.Weights, trainer.Save().Weights);
        Assert.Equal(before.Integers, trainer.Save().Integers);
    }

    [Theory]
    [InlineData("double", "has float64 parameters (fc.weight), but only float32 can be trained: convert it with module.float() before saving.")]
    [InlineData("notscript", "is not a TorchScript file")]
    [InlineData("missing", "cannot be read")]
    public void File_that_cannot_be_used_is_refused(string name, string sentence)
    {
        var file = name == "missing" ? "missing.pt" : WorkingTree.TorchScript($"{name}.pt");

        var refusal = Assert.Throws<ModelException>(() => Trainers.Factory.Create(new($"{name}.pt", null), file, Images, 7));

        Assert.StartsWith($"{name}.pt ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float16, "float16")]
    [InlineData(torch.ScalarType.BFloat16, "bfloat16")]
    public void File_of_half_precision_is_refused(torch.ScalarType type, string name)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
        try
        {
            using (var module = torch.jit.load(WorkingTree.TorchScript("lenet.pt")))
            {
                module.to(type);
                torch.jit.save(module, file);
            }

            Assert.Equal(
                $"half.pt has {name} parameters (conv1.weight), but only float32 can be trained: convert it with module.float() before saving.",
                Refusal(() => Trainers.Factory.Create(new("half.pt", null), file, Images, 7)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Refusal_calls_the_file_as_the_model_does_and_not_as_the_cache_does() =>
        Assert.StartsWith("mine.pt has float64", Refusal(() => Trainers.Factory.Create(new("networks/mine.pt", null), WorkingTree.TorchScript("double.pt"), Images, 7)));

    [Fact]
    public void Network_for_another_input_is_refused() =>
        Assert.StartsWith("tabular.pt does not run on inputs of the shape 1×28×28: mat1 and mat2 shapes cannot be multiplied",
            Refusal(() => Trainers.FromFile("tabular", Images)));

    [Fact]
    public void Network_with_other_outputs_is_refused() =>
        Assert.Contains("but the data need 2×2: give the network 2 outputs.",
            Refusal(() => Trainers.FromFile("tabular", SyntheticExamples.Task(24) with { Labels = ["a", "b"] })));

    [Theory]
    [InlineData("lenet", false)]
    [InlineData("batchnorm", false)]
    public void Network_without_dropout_draws_nothing(string name, bool expected) =>
        Assert.Equal(expected, TorchScriptNetwork.DrawsRandomNumbers(Trainers.Script(name)));

    [Fact]
    public void Code_that_never_ends_is_not_read_to_its_end()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
        try
        {
            using (var archive = ZipFile.Open(file, ZipArchiveMode.Create))
            {
                using var code = archive.CreateEntry("bomb/code/__torch__.py", CompressionLevel.Fastest).Open();
                var block = new byte[1 << 20];
                for (var written = 0; written < 40; written++)
                {
                    code.Write(block);
                }
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(TorchScriptNetwork.DrawsRandomNumbers(new(file, "bomb.pt")));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Dropout_draws_the_same_for_the_same_seed_also_in_parallel()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
        WriteWithDropout(file);
        try
        {
            Assert.True(TorchScriptNetwork.DrawsRandomNumbers(new(file, "dropout.pt")));
            var alone = Train(file, seed: 5);
            var together = new byte[4][];
            var threads = Enumerable.Range(0, together.Length).Select(index => new Thread(() => together[index] = Train(file, seed: 5))).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());

            Assert.All(together, weights => Assert.Equal(alone, weights));
        }
        finally
        {
            File.Delete(file);
        }

        static byte[] Train(string file, ulong seed)
        {
            using var trainer = Trainers.Factory.Create(new("dropout.pt", null), file, Images, 7);
            trainer.Train(new SyntheticExamples(Images, 100, seed: 3), new() { BatchSize = 10 }, seed, null, None);
            return trainer.Save().Weights;
        }
    }

    // The LeNet with a dropout put into its stored code.
    private static void WriteWithDropout(string file)
    {
        using var original = ZipFile.OpenRead(WorkingTree.TorchScript("lenet.pt"));
        using var changed = ZipFile.Open(file, ZipArchiveMode.Create);
        foreach (var entry in original.Entries)
        {
            using var source = entry.Open();
            using var target = changed.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
            if (!entry.FullName.EndsWith("code/__torch__.py", StringComparison.Ordinal))
            {
                source.CopyTo(target);
                continue;
            }

            var code = new StreamReader(source).ReadToEnd();
            Assert.Contains("torch.flatten(x1, 1)", code, StringComparison.Ordinal);
            target.Write(Encoding.UTF8.GetBytes(code.Replace("torch.flatten(x1, 1)", "torch.dropout(torch.flatten(x1, 1), 0.5, True)")));
        }
    }

    private static string Refusal(Func<ITrainer> create) => Assert.Throws<ModelException>(create).Message;

    private static byte[] Part(ITrainer trainer, byte[] weights, string name)
    {
        var start = 0;
        foreach (var tensor in trainer.Layout.Tensors.Where(tensor => tensor.Type == Contracts.Models.TensorType.Float32))
        {
            var length = (int)tensor.Elements * sizeof(float);
            if (tensor.Name == name)
            {
                return weights[start..(start + length)];
            }

            start += length;
        }

        throw new InvalidOperationException(name);
    }
}
