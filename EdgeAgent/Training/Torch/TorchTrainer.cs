using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Training;
using OrleansEdge.EdgeAgent.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>Trains and evaluates one network. After an exception the weights are those of some step: load them again.</summary>
internal sealed class TorchTrainer(Network network, TaskDescription task, TimeProvider timeProvider, int threads) : ITrainer
{
    private const int EvaluationBatch = 200;

    /// <inheritdoc/>
    public ModelLayout Layout => network.State.Layout;

    private string Name => network.State.Name;

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<byte> weights, ReadOnlySpan<byte> integers) => network.State.Load(weights, integers);

    /// <inheritdoc/>
    public void Save(Span<byte> weights, Span<byte> integers) => network.State.Save(weights, integers);

    /// <inheritdoc/>
    public TrainingResult Train(IExamples examples, TrainingOptions options, ulong seed, IProgress<double>? progress, CancellationToken cancellation)
    {
        RequireFit(examples);
        var processor = ThreadProcessorTime.Start(timeProvider);
        torch.set_num_threads(threads);
        try
        {
            using var scope = torch.NewDisposeScope();
            using var run = new TrainingRun(network, task, examples, options, seed);
            network.Training(on: true);
            var reports = new ProgressReports(progress, timeProvider, run.Steps);
            for (var (epoch, left) = (0, run.Steps); left > 0; epoch++, left -= run.BatchesPerEpoch)
            {
                run.BeginEpoch(epoch);
                for (var batch = 0; batch < Math.Min(run.BatchesPerEpoch, left); batch++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    run.Step(batch);
                    reports.Step();
                }

                run.EndEpoch(epoch);
            }

            return new(run.Steps, run.LossSum, examples.Count, processor.Elapsed);
        }
        catch (Exception fault) when (TorchFaults.IsFault(fault))
        {
            throw TorchFaults.While(Name, "training", fault);
        }
        finally
        {
            network.Training(on: false);
        }
    }

    /// <inheritdoc/>
    public EvaluationSums Evaluate(IExamples examples, CancellationToken cancellation)
    {
        RequireFit(examples);
        torch.set_num_threads(threads);
        try
        {
            network.Training(on: false);
            using var ungraded = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            using var batch = new BatchTensors(task, Math.Min(EvaluationBatch, Math.Max(examples.Count, 1)));
            var plan = new BatchPlan(examples.Count, EvaluationBatch, avoidSingle: false);
            var sums = new EvaluationSums(examples.Count, 0, 0);
            for (var index = 0; index < plan.Batches; index++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var step = torch.NewDisposeScope();
                var (inputs, targets) = batch.Read(examples, plan[index]);
                sums += Measure(network.Evaluate(inputs), targets);
            }

            return sums;
        }
        catch (Exception fault) when (TorchFaults.IsFault(fault))
        {
            throw TorchFaults.While(Name, "evaluating", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    private EvaluationSums Measure(Tensor outputs, Tensor targets) => task.Kind == TaskKind.Classification
        ? new(0,
            nn.functional.cross_entropy(outputs, targets, reduction: nn.Reduction.Sum).item<float>(),
            outputs.argmax(1).eq(targets).sum().item<long>())
        : new(0, nn.functional.mse_loss(outputs, targets, nn.Reduction.Sum).item<float>(), 0);

    private void RequireFit(IExamples examples)
    {
        if (examples.InputLength != network.Shape.InputLength)
        {
            throw new ModelException($"{Name} takes inputs of {network.Shape.InputText} ({network.Shape.InputLength} numbers), " +
                $"but an example of the data has {examples.InputLength}: use the data that the job's task describes.");
        }
    }
}
