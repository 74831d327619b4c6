using OrleansEdge.Contracts.Training;

namespace OrleansEdge.EdgeAgent.Tests.Training.Torch;

/// <summary>Runs while no other test does, because it measures the memory of the process.</summary>
[CollectionDefinition(nameof(TrainingMemoryTests), DisableParallelization = true)]
[Collection(nameof(TrainingMemoryTests))]
public sealed class TrainingMemoryTests
{
    [Theory]
    [InlineData(OptimiserKind.Sgd, 0.0)]
    [InlineData(OptimiserKind.Sgd, 0.9)]
    [InlineData(OptimiserKind.Adam, 0.0)]
    public void Memory_stays_flat_over_many_steps(OptimiserKind kind, double momentum)
    {
        var images = SyntheticExamples.Task(1, 28, 28);
        var examples = new SyntheticExamples(images, 400, seed: 3);
        using var trainer = Trainers.Create("niid-cnn", images);
        var options = new TrainingOptions { BatchSize = 4, Optimiser = new() { Kind = kind, LearningRate = 0.001, Momentum = momentum } };
        trainer.Train(examples, options, 5, null, CancellationToken.None);
        var before = Environment.WorkingSet;

        trainer.Train(examples, options with { Epochs = 20 }, 6, null, CancellationToken.None);

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 50L << 20);
    }
}
