using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Contracts.Tests.Models;

public sealed class ShardPlanTests
{
    [Theory]
    [InlineData(0, 10, 0)]
    [InlineData(1, 10, 1)]
    [InlineData(10, 10, 1)]
    [InlineData(11, 10, 2)]
    [InlineData(199_210, 1 << 20, 1)]
    [InlineData(1_663_370, 1 << 20, 2)]
    [InlineData(25_000_000, 1 << 20, 24)]
    [InlineData(7, 1, 7)]
    [InlineData(5_000_000_000, 1 << 28, 19)]
    public void Vector_is_cut_in_as_few_and_as_equal_shards_as_possible(long weights, int limit, int count)
    {
        var plan = new ShardPlan(weights, limit);
        Assert.Equal(count, plan.Count);
        var next = 0L;
        foreach (var shard in plan.Shards)
        {
            Assert.Equal(next, shard.Offset);
            Assert.InRange(shard.Length, weights / count, Math.Min(limit, weights / count + 1));
            Assert.Equal(4 * shard.Offset, shard.ByteOffset);
            next += shard.Length;
        }

        Assert.Equal(weights, next);
    }

    [Fact]
    public void Default_limit_is_a_mebi_of_parameters() => Assert.Equal(1_048_576, new ShardPlan(1).MaximumParameters);

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(1, 0)]
    [InlineData(1, int.MaxValue)]
    [InlineData(long.MaxValue, 1)]
    public void Impossible_plan_is_refused(long weights, int limit) => Assert.Throws<ArgumentOutOfRangeException>(() => new ShardPlan(weights, limit));

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Shard_outside_the_plan_is_refused(int index) => Assert.Throws<ArgumentOutOfRangeException>(() => new ShardPlan(11, 10)[index]);
}
