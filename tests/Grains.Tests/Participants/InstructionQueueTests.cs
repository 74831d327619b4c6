using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Participants;

namespace OrleansEdge.Grains.Tests.Participants;

public sealed class InstructionQueueTests
{
    private readonly InstructionQueue _queue = new(100);

    [Fact]
    public void Jobs_take_turns()
    {
        _queue.Offer(Train("b:1"));
        _queue.Offer(Train("a:1"));
        _queue.Offer(Train("c:1"));
        Assert.Equal(["a", "b", "c", "a"], Enumerable.Range(0, 4).Select(_ => _queue.Next()!.Id.Round.Job.Value));
    }

    [Fact]
    public void An_instruction_is_finished_by_its_own_offer_only()
    {
        _queue.Offer(Train("a:1"));
        var first = _queue.Next()!;
        _queue.Offer(Train("a:1"));
        _queue.Finish([new(first.Id, first.Offer)]);
        var second = _queue.Next()!;
        Assert.True(second.Offer > first.Offer);
        _queue.Finish([new(second.Id, second.Offer)]);
        Assert.Null(_queue.Next());
    }

    [Fact]
    public void A_settled_round_is_void_until_it_is_offered_again()
    {
        _queue.Offer(Train("a:1"));
        _queue.Settle(RoundKey.Parse("a:1"));
        Assert.True(_queue.IsVoid(Train("a:1").Id));
        Assert.Null(_queue.Next());
        _queue.Offer(Train("a:1"));
        Assert.False(_queue.IsVoid(Train("a:1").Id));
    }

    [Fact]
    public void A_measurement_does_not_unsettle_its_round()
    {
        _queue.Settle(RoundKey.Parse("a:1"));
        _queue.Offer(new EvaluateInstruction
        {
            Id = new(RoundKey.Parse("a:1"), InstructionKind.Evaluate),
            Source = new("logistic", null),
            Task = Hash,
            Data = DataName.Parse("d"),
            Version = Hash,
        });
        Assert.True(_queue.IsSettled(RoundKey.Parse("a:1")));
        Assert.NotNull(_queue.Next());
    }

    [Fact]
    public void Ensure_leaves_only_what_the_queue_never_held()
    {
        Assert.True(_queue.Ensure(Train("a:1")));
        Assert.False(_queue.Ensure(Train("a:1")));
        var next = _queue.Next()!;
        _queue.Finish([new(next.Id, next.Offer)]);
        Assert.False(_queue.Ensure(Train("a:1")));
        _queue.Withdraw(Train("b:1").Id);
        Assert.False(_queue.Ensure(Train("b:1")));
        Assert.Null(_queue.Next());
    }

    [Fact]
    public void Memory_does_not_grow_with_rounds()
    {
        for (var round = 0; round < 1000; round++)
        {
            _queue.Offer(Train($"a:{round}"));
            _queue.Settle(RoundKey.Parse($"a:{round}"));
        }

        Assert.False(_queue.IsSettled(RoundKey.Parse("a:1")));
        Assert.True(_queue.IsSettled(RoundKey.Parse("a:990")));
        Assert.Empty(_queue.Pending);
    }

    private static ContentHash Hash => ContentHash.Of([1]);

    private static TrainInstruction Train(string round) => new()
    {
        Id = new(RoundKey.Parse(round), InstructionKind.Train),
        Source = new("logistic", null),
        Task = Hash,
        Data = DataName.Parse("d"),
        Base = Hash,
        Options = new(),
    };
}
