using System.Collections.Immutable;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Tests.Strategies;

public class KrumTests
{
    private const int Width = 50;

    [Fact]
    public void Strategies_withstand_two_wrong_updates_of_ten_as_published()
    {
        // 8 honest updates 1 ± 0.1 and 2 at −5 in 50 dimensions; relative errors: mean 1.20, Krum 0.08, median 0.04, Multi-Krum 0.000.
        var random = new Random(17);
        var honest = Enumerable.Range(0, 8)
            .Select(_ => Enumerable.Range(0, Width).Select(_ => (float)(1 + 0.1 * Blocks.Normal(random))).ToArray()).ToArray();
        var wrong = Enumerable.Repeat(Enumerable.Repeat(-5f, Width).ToArray(), 2);
        float[][] deltas = [wrong.First(), .. honest, wrong.Last()];
        var truth = Blocks.Mean(new float[Width], honest, [1, 1, 1, 1, 1, 1, 1, 1]);

        Assert.InRange(Error(new FedAvg()), 1.17, 1.23);
        Assert.InRange(Error(new Krum(2, 1)), 0.05, 0.11);
        Assert.InRange(Error(new CoordinateMedian()), 0.02, 0.06);
        Assert.Equal(0, Error(new Krum(2, 8)));

        double Error(IStrategy strategy)
        {
            var result = Run(strategy, deltas);
            return Math.Sqrt(result.Zip(truth).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / truth.Sum(value => value * value));
        }
    }

    [Fact]
    public void Decide_takes_the_update_with_the_nearest_neighbours()
    {
        // On a line at 0, 1, 3, 6, 10 with f = 1 there are two neighbours each: scores 10, 5, 13, 25, 65.
        var line = Line(0, 1, 3, 6, 10);
        Assert.Equal([0, 1, 0, 0, 0], Decide(new Krum(1, 1), line));
        Assert.Equal([1, 1, 1, 0, 0], Decide(new Krum(1, 3), line));
        Assert.Equal([1, 1, 1, 1, 0], Decide(new Krum(1, 4), line));
    }

    [Fact]
    public void Decide_with_equal_scores_takes_the_first_position() =>
        Assert.Equal([0, 1, 0, 0, 0], Decide(new Krum(1, 1), Line(9, 2, 2, 2, -7)));

    [Fact]
    public void Decide_in_another_order_takes_the_same_updates()
    {
        var deltas = Blocks.Realistic(9, Width, seed: 4);
        var expected = Blocks.Bits(Run(new Krum(3, 4), deltas));
        var random = new Random(5);
        for (var repetition = 0; repetition < 10; repetition++)
        {
            random.Shuffle(deltas);
            Assert.Equal(expected, Blocks.Bits(Run(new Krum(3, 4), deltas)));
        }
    }

    [Theory]
    [InlineData(0, 1, 3)]
    [InlineData(2, 1, 7)]
    [InlineData(2, 8, 10)]
    public void Decide_needs_the_minimum_of_contributions_and_no_more(int byzantine, int select, int minimum)
    {
        var strategy = new Krum(byzantine, select);
        Assert.Equal(minimum, strategy.MinimumContributions);
        Assert.Equal(select, Decide(strategy, Blocks.Realistic(minimum, Width, seed: 1)).Sum());
        var error = Assert.Throws<StrategyException>(() => Decide(strategy, Blocks.Realistic(minimum - 1, Width, seed: 1)));
        Assert.Contains($"at least {minimum} contributions, and there are {minimum - 1}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_without_distances_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Krum(0, 1).Decide([new(1), new(1), new(1)], distances: null));

    private static float[][] Line(params float[] positions) => Array.ConvertAll(positions, position => new[] { position });

    private static ImmutableArray<long> Decide(Krum strategy, float[][] deltas) =>
        strategy.Decide([.. deltas.Select((_, index) => new Contribution(1 + 100 * index))], Blocks.Distances(deltas));

    private static float[] Run(IStrategy strategy, float[][] deltas)
    {
        var weights = strategy.Decide(
            [.. deltas.Select(_ => new Contribution(600))],
            strategy.Geometry == StrategyGeometry.PairwiseDistances ? Blocks.Distances(deltas) : null);
        float[][] used = [.. deltas.Where((_, index) => weights[index] > 0)];
        return Blocks.Combine(strategy, new float[deltas[0].Length], used, [.. weights.Where(weight => weight > 0)]);
    }
}
