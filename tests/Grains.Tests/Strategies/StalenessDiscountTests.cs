using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Tests.Strategies;

public sealed class StalenessDiscountTests
{
    [Theory]
    [InlineData(1000, 0, 0.5, 1000)]
    [InlineData(1000, 3, 0.5, 500)]
    [InlineData(1000, 1, 0.5, 707)]
    [InlineData(1000, 1, 1, 500)]
    [InlineData(1000, 9, 0, 1000)]
    [InlineData(1, 16, 10, 1)]
    [InlineData((1L << 28) - 1, 0, 0.5, (1L << 28) - 1)]
    public void Late_updates_count_less_and_never_nothing(long examples, int staleness, double exponent, long expected) =>
        Assert.Equal(expected, StalenessDiscount.Discount(examples, staleness, exponent));
}
