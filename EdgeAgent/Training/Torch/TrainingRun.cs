using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Training;
using OrleansEdge.EdgeAgent.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>The steps of one training instruction, with its optimiser, its one batch in memory and the sum of its losses.</summary>
internal sealed class TrainingRun : IDisposable
{
    // TorchSharp leaves a few kilobytes of managed and native objects behind each step. On machines with a large cache the collector would
    // let hundreds of megabytes of them pile up; the young generation is small, so collecting it takes well under a millisecond.
    private const int StepsBetweenCollections = 250;

    private readonly Network network;
    private readonly bool classification;
    private readonly IExamples examples;
    private readonly ulong seed;
    private readonly BatchPlan plan;
    private readonly BatchTensors batch;
    private readonly optim.Optimizer optimiser;
    private readonly Tensor lossSum;
    private readonly Scalar fullBatch;
    private readonly int batchSize;
    private SplitMix64 stepSeeds;
    private long stepsDone;
    private int seen;

    public TrainingRun(Network network, TaskDescription task, IExamples examples, TrainingOptions options, ulong seed)
    {
        this.network = network;
        this.examples = examples;
        this.seed = seed;
        classification = task.Kind == TaskKind.Classification;
        batchSize = options.BatchSize;
        plan = new(examples.Count, batchSize, network.State.HasStatistics);
        batch = new(task, Math.Max(plan.LargestBatch, 1));
        optimiser = Optimiser(network.State, options.Optimiser);
        lossSum = torch.zeros([], ScalarType.Float64);
        fullBatch = ((double)batchSize).ToScalar();
        stepSeeds = SplitMix64.For(seed, ulong.MaxValue);
        Steps = plan.Batches == 0 ? 0 : options.Steps ?? (long)plan.Batches * options.Epochs;
    }

    /// <summary>The number of steps in all epochs, of which the last may be a part.</summary>
    public long Steps { get; }

    /// <summary>The number of steps in one epoch.</summary>
    public int BatchesPerEpoch => plan.Batches;

    /// <summary>The sum of the examples' losses over the last epoch that ended; of a part of one, as if the rest had the same mean.</summary>
    public double LossSum { get; private set; }

    /// <summary>Puts the examples in the epoch's order.</summary>
    public void BeginEpoch(int epoch)
    {
        plan.Shuffle(seed, epoch);
        lossSum.zero_();
        seen = 0;
    }

    /// <summary>Takes one step.</summary>
    public void Step(int index)
    {
        using var scope = torch.NewDisposeScope();
        var indices = plan[index];
        var (inputs, targets) = batch.Read(examples, indices);
        optimiser.zero_grad();
        var outputs = network.Forward(inputs, (long)stepSeeds.Next());
        var loss = classification ? nn.functional.cross_entropy(outputs, targets) : nn.functional.mse_loss(outputs, targets);
        loss.backward();
        optimiser.step();

        seen += indices.Length;

        // Adding up natively waits for nothing; reading each loss would.
        if (indices.Length == batchSize)
        {
            lossSum.add_(loss.detach(), fullBatch);
        }
        else
        {
            using var count = ((double)indices.Length).ToScalar();
            lossSum.add_(loss.detach(), count);
        }

        if (++stepsDone % StepsBetweenCollections == 0)
        {
            GC.Collect(0);
        }
    }

    /// <summary>Checks the epoch's losses and weights.</summary>
    /// <exception cref="ModelException">They are not finite.</exception>
    public void EndEpoch(int epoch)
    {
        LossSum = seen == examples.Count ? lossSum.item<double>() : lossSum.item<double>() / seen * examples.Count;
        if (!double.IsFinite(LossSum) || !network.State.IsFinite())
        {
            throw new ModelException(
                $"Training {network.State.Name} diverged in epoch {epoch + 1}: the loss or a weight is not finite; " +
                "use a smaller learning rate and check the data.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        optimiser.Dispose();
        batch.Dispose();
        lossSum.Dispose();
        fullBatch.Dispose();
        foreach (var parameter in network.State.Parameters)
        {
            parameter.grad = null;
        }

        GC.Collect(0);
    }

    private static optim.Optimizer Optimiser(NetworkState state, OptimiserOptions options) => options.Kind switch
    {
        OptimiserKind.Sgd => optim.SGD(state.Parameters, options.LearningRate, options.Momentum, weight_decay: options.WeightDecay),
        OptimiserKind.Adam => optim.Adam(state.Parameters, options.LearningRate, options.Beta1, options.Beta2, weight_decay: options.WeightDecay),
        var other => throw new ModelException($"There is no optimiser '{other}': use sgd or adam."),
    };
}
