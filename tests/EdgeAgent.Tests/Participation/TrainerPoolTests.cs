using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Training;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Training;

namespace OrleansEdge.EdgeAgent.Tests.Participation;

public sealed class TrainerPoolTests
{
    private static readonly TaskDescription Description = new(TaskKind.Regression, [1], [], [], null);
    private readonly Factory _factory = new();

    [Fact]
    public async Task A_network_is_lent_again_to_the_same_kind()
    {
        using var pool = new TrainerPool(_factory, 1);
        (await Borrow(pool, "a")).Dispose();
        (await Borrow(pool, "a")).Dispose();
        Assert.Single(_factory.Made);
    }

    [Fact]
    public async Task No_network_outlives_the_pool_when_kinds_alternate()
    {
        using (var pool = new TrainerPool(_factory, 2))
        {
            for (var turn = 0; turn < 5; turn++)
            {
                var first = await Borrow(pool, "a");
                var second = await Borrow(pool, "b");
                first.Dispose();
                second.Dispose();
                Assert.InRange(_factory.Made.Count(trainer => trainer.Disposals == 0), 0, 2);
            }
        }

        Assert.All(_factory.Made, trainer => Assert.Equal(1, trainer.Disposals));
    }

    [Fact]
    public async Task A_loan_counts_once_and_no_more_than_the_capacity_are_out()
    {
        using var pool = new TrainerPool(_factory, 1);
        var loan = await Borrow(pool, "a");
        var waiting = Borrow(pool, "a");
        Assert.False(waiting.IsCompleted);
        loan.Dispose();
        loan.Dispose();
        using var second = await waiting;
        Assert.False(Borrow(pool, "a").IsCompleted);
    }

    [Fact]
    public async Task A_network_that_cannot_be_made_gives_the_place_back()
    {
        using var pool = new TrainerPool(_factory, 1);
        await Assert.ThrowsAsync<ModelException>(() => Borrow(pool, "impossible"));
        (await Borrow(pool, "a")).Dispose();
    }

    private static Task<TrainerPool.Loan> Borrow(TrainerPool pool, string network) =>
        pool.Borrow(new ModelSource(network, null), null, ContentHash.Of([1]), Description, TestContext.Current.CancellationToken);

    private sealed class Factory : ITrainerFactory
    {
        public List<Trainer> Made { get; } = [];

        public ITrainer Create(ModelSource source, string? torchScriptFile, TaskDescription task, ulong seed)
        {
            if (source.Architecture == "impossible")
            {
                throw new ModelException("no such network.");
            }

            var trainer = new Trainer();
            Made.Add(trainer);
            return trainer;
        }
    }

    private sealed class Trainer : ITrainer
    {
        public int Disposals { get; private set; }

        public ModelLayout Layout => new([]);

        public void Load(ReadOnlySpan<byte> weights, ReadOnlySpan<byte> integers)
        {
        }

        public void Save(Span<byte> weights, Span<byte> integers)
        {
        }

        public TrainingResult Train(IExamples examples, TrainingOptions options, ulong seed, IProgress<double>? progress, CancellationToken cancellation) =>
            default;

        public EvaluationSums Evaluate(IExamples examples, CancellationToken cancellation) => default;

        public void Dispose() => Disposals++;
    }
}
