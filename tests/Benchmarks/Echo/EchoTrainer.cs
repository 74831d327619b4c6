using System.Runtime.InteropServices;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Training;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Training;

namespace OrleansEdge.Benchmarks.Echo;

/// <summary>Makes trainers that give their weights back unchanged: what is left of a round is the platform's own work.</summary>
internal sealed class EchoTrainerFactory(int parameters) : ITrainerFactory
{
    /// <inheritdoc/>
    public ITrainer Create(ModelSource source, string? torchScriptFile, TaskDescription task, ulong seed) => new EchoTrainer(parameters, seed);

    private sealed class EchoTrainer(int parameters, ulong seed) : ITrainer
    {
        /// <summary>The scale of the first weights, as in a real network.</summary>
        private const float Scale = 0.1f;

        private byte[]? _weights;

        public ModelLayout Layout { get; } = new([new TensorDescription("weights", TensorType.Float32, [parameters])]);

        public void Load(ReadOnlySpan<byte> weights, ReadOnlySpan<byte> integers)
        {
            _weights ??= GC.AllocateUninitializedArray<byte>(weights.Length);
            weights.CopyTo(_weights);
        }

        public void Save(Span<byte> weights, Span<byte> integers)
        {
            if (_weights is not null)
            {
                _weights.CopyTo(weights);
                return;
            }

            var random = new Random((int)seed);
            foreach (ref var value in MemoryMarshal.Cast<byte, float>(weights))
            {
                value = Scale * (random.NextSingle() - 0.5f);
            }
        }

        public TrainingResult Train(
            IExamples examples, TrainingOptions options, ulong seed, IProgress<double>? progress, CancellationToken cancellation) =>
            new(1, 0, examples.Count, TimeSpan.Zero);

        public EvaluationSums Evaluate(IExamples examples, CancellationToken cancellation) => default;

        public void Dispose()
        {
        }
    }
}
