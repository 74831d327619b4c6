using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Training;
using OrleansEdge.EdgeAgent.Training;

namespace OrleansEdge.EdgeAgent.Tests.Training.Torch;

public sealed class TorchTrainerTests
{
    private static readonly TaskDescription Images = SyntheticExamples.Task(1, 28, 28);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void Load_and_save_give_back_all_bits()
    {
        using var first = Trainers.Create("niid-cnn", Images, seed: 1);
        using var second = Trainers.Create("niid-cnn", Images, seed: 2);
        var (weights, integers) = first.Save();
        Assert.NotEqual(weights, second.Save().Weights);

        second.Load(weights, integers);

        Assert.Equal(weights, second.Save().Weights);
        var examples = new SyntheticExamples(Images, 300, seed: 3);
        Assert.Equal(first.Evaluate(examples, None), second.Evaluate(examples, None));
    }

    [Fact]
    public void Weights_of_another_length_are_refused()
    {
        using var trainer = Trainers.Create("logistic", Images);

        var refusal = Assert.Throws<ModelException>(() => trainer.Load(new byte[4], []));

        Assert.Contains("7850 weights", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_also_in_parallel()
    {
        var examples = new SyntheticExamples(Images, 200, seed: 3);
        var options = new TrainingOptions { Epochs = 2, BatchSize = 16, Optimiser = new() { Momentum = 0.9 } };
        var alone = Run(seed: 5);
        var together = new byte[4][];

        var threads = Enumerable.Range(0, together.Length).Select(index => new Thread(() => together[index] = Run(seed: 5))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.All(together, weights => Assert.Equal(alone, weights));
        Assert.NotEqual(alone, Run(seed: 6));

        byte[] Run(ulong seed)
        {
            using var trainer = Trainers.Create("niid-cnn", Images);
            trainer.Train(examples, options, seed, null, None);
            return trainer.Save().Weights;
        }
    }

    [Theory]
    [InlineData("2nn")]
    [InlineData("cnn")]
    [InlineData("niid-cnn")]
    [InlineData("logistic")]
    [InlineData("mlp:64,32")]
    public void Training_lowers_the_loss(string architecture)
    {
        var examples = new SyntheticExamples(Images, 160, seed: 3);
        using var trainer = Trainers.Create(architecture, Images);
        var before = trainer.Evaluate(examples, None);

        var result = trainer.Train(examples, new() { Epochs = 4, BatchSize = 16, Optimiser = new() { Momentum = 0.9 } }, 5, null, None);
        var after = trainer.Evaluate(examples, None);

        Assert.Equal((40, 160), (result.Steps, result.Examples));
        Assert.InRange(after.LossSum, 0, before.LossSum * 0.95);
        Assert.InRange(result.LossSum, 0, before.LossSum * 1.05);
        Assert.Equal(160, after.Examples);
        Assert.True(result.ProcessorTime > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(OptimiserKind.Sgd, 0.05, 0.9)]
    [InlineData(OptimiserKind.Adam, 0.01, 0)]
    public void Each_optimiser_learns_a_regression(OptimiserKind kind, double learningRate, double momentum)
    {
        var task = SyntheticExamples.RegressionTask(8);
        var examples = new SyntheticExamples(task, 200, seed: 3);
        using var trainer = Trainers.Create("mlp:16", task);
        var before = trainer.Evaluate(examples, None);

        var optimiser = new OptimiserOptions { Kind = kind, LearningRate = learningRate, Momentum = momentum };
        trainer.Train(examples, new() { Epochs = 20, BatchSize = 16, Optimiser = optimiser }, 5, null, None);

        var after = trainer.Evaluate(examples, None);
        Assert.InRange(after.LossSum, 0, before.LossSum * 0.2);
        Assert.Equal(0, after.Correct);
    }

    [Fact]
    public void Weight_decay_shrinks_the_weights()
    {
        Assert.True(SumOfSquares(decay: 0.5) < 0.5 * SumOfSquares(decay: 0));

        static double SumOfSquares(double decay)
        {
            using var trainer = Trainers.Create("2nn", Images);
            var options = new TrainingOptions { Epochs = 4, BatchSize = 16, Optimiser = new() { WeightDecay = decay } };
            trainer.Train(new SyntheticExamples(Images, 160, seed: 3), options, 5, null, None);
            return MemoryMarshal.Cast<byte, float>(trainer.Save().Weights).ToArray().Sum(weight => (double)weight * weight);
        }
    }

    [Fact]
    public void Evaluation_counts_right_answers_over_all_batches()
    {
        var examples = new SyntheticExamples(Images, 450, seed: 3);
        using var trainer = Trainers.Create("2nn", Images);

        trainer.Train(examples, new() { Epochs = 3, BatchSize = 10 }, 5, null, None);

        Assert.InRange(trainer.Evaluate(examples, None).Correct, 440, 450);
        Assert.Equal(new EvaluationSums(0, 0, 0), trainer.Evaluate(new SyntheticExamples(Images, 0, seed: 3), None));
    }

    [Fact]
    public void Training_on_no_examples_changes_nothing()
    {
        using var trainer = Trainers.Create("logistic", Images);
        var before = trainer.Save().Weights;

        var result = trainer.Train(new SyntheticExamples(Images, 0, seed: 3), new(), 5, null, None);

        Assert.Equal((0, 0), (result.Steps, result.Examples));
        Assert.Equal(before, trainer.Save().Weights);
    }

    [Fact]
    public void Loss_that_is_not_finite_is_reported()
    {
        var examples = new SyntheticExamples(Images, 64, seed: 3);
        examples.Set(5000, float.NaN);
        using var trainer = Trainers.Create("2nn", Images);

        var fault = Assert.Throws<ModelException>(() => trainer.Train(examples, new() { Epochs = 50 }, 5, null, None));

        Assert.Contains("diverged in epoch 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_of_another_shape_are_refused()
    {
        using var trainer = Trainers.Create("2nn", Images);

        var refusal = Assert.Throws<ModelException>(() => trainer.Evaluate(new SyntheticExamples(SyntheticExamples.Task(24), 10, seed: 3), None));

        Assert.Contains("takes inputs of 1×28×28 (784 numbers), but an example of the data has 24", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_beyond_the_outputs_are_refused()
    {
        using var trainer = Trainers.Create("2nn", Images with { Labels = ["0", "1"] });

        var fault = Assert.Throws<ModelException>(() => trainer.Train(new SyntheticExamples(Images, 64, seed: 3), new(), 5, null, None));

        Assert.Contains("out of bounds", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_ends_training_between_steps_and_progress_reaches_one()
    {
        var examples = new SyntheticExamples(Images, 64, seed: 3);
        using var trainer = Trainers.Create("logistic", Images);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var reports = new List<double>();

        Assert.Throws<OperationCanceledException>(() => trainer.Train(examples, new(), 5, null, cancelled.Token));
        trainer.Train(examples, new(), 5, new Collector(reports), None);

        Assert.Equal(1, reports[^1]);
    }

    private sealed class Collector(List<double> reports) : IProgress<double>
    {
        public void Report(double value) => reports.Add(value);
    }
}
