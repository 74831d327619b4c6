using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Silo.Hosting.Limits;

namespace OrleansEdge.Silo.Tests.Hosting.Limits;

public sealed class RateBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_burst_is_free_and_what_comes_after_it_waits_for_its_turn()
    {
        var budget = new RateBudget(100, 5, _time);
        Assert.Equal(TimeSpan.Zero, budget.Take(500));
        Assert.Equal(TimeSpan.FromSeconds(0.5), budget.Take(50));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(TimeSpan.FromSeconds(0.01), budget.Take(1));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, budget.Take(500));
        Assert.False(budget.TryTake(1));
        _time.Advance(TimeSpan.FromSeconds(0.01));
        Assert.True(budget.TryTake(1));
    }

    [Fact]
    public void No_limit_is_none()
    {
        var budget = new RateBudget(0, 5, _time);
        Assert.Equal(TimeSpan.Zero, budget.Take(long.MaxValue / 2));
        Assert.True(budget.TryTake(long.MaxValue / 2));
    }
}
