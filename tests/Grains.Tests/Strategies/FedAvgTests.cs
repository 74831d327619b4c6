using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Tests.Strategies;

public class FedAvgTests
{
    private readonly FedAvg strategy = new();

    [Fact]
    public void Decide_weighs_by_examples_and_leaves_out_the_empty() =>
        Assert.Equal([600, 0, 100], strategy.Decide([new(600), new(0), new(100)], distances: null));

    [Theory]
    [InlineData(-1)]
    [InlineData(ExactSum.WeightLimit)]
    public void Decide_refuses_an_impossible_number_of_examples(long examples)
    {
        var error = Assert.Throws<StrategyException>(() => strategy.Decide([new(5), new(examples)], distances: null));
        Assert.Contains($"not {examples}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_refuses_contributions_without_any_example()
    {
        Assert.Throws<StrategyException>(() => strategy.Decide([], distances: null));
        Assert.Throws<StrategyException>(() => strategy.Decide([new(0), new(0)], distances: null));
    }

    [Fact]
    public void Combine_of_ten_steps_of_two_quadratic_clients_reaches_the_published_fixed_point()
    {
        // f = ½a(x − b)², a = (1, 10), b = (0, 1), step 0.05, ten local steps, equal weights: 0.713442, not the optimum 0.909091.
        var x = 0f;
        for (var round = 0; round < 200; round++)
        {
            x = Blocks.Mean([x], [[Local(x, 1, 0) - x], [Local(x, 10, 1) - x]], [1, 1])[0];
        }

        Assert.Equal(0.713442, x, tolerance: 2e-6);

        static float Local(double x, double curvature, double optimum)
        {
            for (var step = 0; step < 10; step++)
            {
                x -= 0.05 * curvature * (x - optimum);
            }

            return (float)x;
        }
    }
}
