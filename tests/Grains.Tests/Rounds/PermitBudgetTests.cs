using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Tests.Rounds;

public sealed class PermitBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ShardKey _shard = ShardKey.Parse("j:1:0");

    [Fact]
    public void A_lease_is_renewed_ended_and_expires()
    {
        var budget = new PermitBudget(30, 30, TimeSpan.FromSeconds(10), _time);
        Assert.True(Renew(budget, "a", 10));
        Assert.True(Renew(budget, "b", 10));
        Assert.True(Renew(budget, "c", 10));
        Assert.False(Renew(budget, "d", 10));
        budget.End(_shard, ParticipantId.Parse("a"));
        budget.End(_shard, ParticipantId.Parse("a"));
        Assert.True(Renew(budget, "d", 10));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(Renew(budget, "b", 10));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(Renew(budget, "e", 10));
        Assert.True(Renew(budget, "f", 10));
        Assert.False(Renew(budget, "g", 10));
        Assert.Equal(3, budget.Count);
    }

    [Fact]
    public void One_lease_is_granted_however_large()
    {
        var budget = new PermitBudget(1, 1, TimeSpan.FromSeconds(10), _time);
        Assert.True(Renew(budget, "a", 100));
        Assert.False(Renew(budget, "b", 100));
    }

    [Fact]
    public void One_participant_takes_no_more_than_its_share_and_gets_it_back()
    {
        var budget = new PermitBudget(100, 20, TimeSpan.FromSeconds(10), _time);
        var flooder = ParticipantId.Parse("flooder");
        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(shard => budget.TryRenew(new(_shard.Round, shard), flooder, 10)));
        Assert.True(Renew(budget, "a", 20));

        budget.End(new(_shard.Round, 0), flooder);
        Assert.True(budget.TryRenew(new(_shard.Round, 7), flooder, 10));

        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.True(budget.TryRenew(new(_shard.Round, 8), flooder, 10));
        Assert.Equal((1, 10), (budget.Count, budget.Used));
    }

    private bool Renew(PermitBudget budget, string participant, long bytes) => budget.TryRenew(_shard, ParticipantId.Parse(participant), bytes);
}
