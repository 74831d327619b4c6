using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Selection;

namespace OrleansEdge.Grains.Tests.Selection;

public class UniformSelectionTests
{
    private static readonly ParticipantId[] Ten = [.. Enumerable.Range(0, 10).Select(index => ParticipantId.Parse($"harbour/dev{index}"))];

    [Fact]
    public void Next_gives_the_published_sequence()
    {
        var generator = new SplitMix64(1234567);
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => generator.Next()));
    }

    [Fact]
    public void Draw_does_not_depend_on_the_order_of_the_candidates()
    {
        var expected = UniformSelection.Draw(Ten, 4, seed: 9, round: 3);
        Assert.Equal(expected, UniformSelection.Draw(Ten.Reverse().Concat(Ten), 4, seed: 9, round: 3));
        Assert.Equal(expected.Order(), expected);
        Assert.Equal(4, expected.Distinct().Count());
    }

    [Fact]
    public void Draw_differs_by_round_and_by_seed()
    {
        var draws = Enumerable.Range(0, 50).Select(round => string.Join(' ', UniformSelection.Draw(Ten, 5, seed: 1, round)));
        Assert.InRange(draws.Distinct().Count(), 40, 50);

        // With seed + round in one sum, round 1 of seed 1 would be round 0 of seed 2.
        var here = Enumerable.Range(1, 20).Select(round => string.Join(' ', UniformSelection.Draw(Ten, 5, seed: 1, round)));
        var there = Enumerable.Range(0, 20).Select(round => string.Join(' ', UniformSelection.Draw(Ten, 5, seed: 2, round)));
        Assert.NotEqual(here, there);
    }

    [Fact]
    public void Draw_takes_each_candidate_equally_often()
    {
        const int Rounds = 20_000;
        var taken = Enumerable.Range(0, Rounds).SelectMany(round => UniformSelection.Draw(Ten, 3, seed: 42, round)).CountBy(id => id);
        Assert.Equal(10, taken.Count());

        // Six standard deviations of a binomial count with p = 0.3.
        Assert.All(taken, pair => Assert.InRange(pair.Value, 6000 - 390, 6000 + 390));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 10)]
    [InlineData(11, 10)]
    public void Draw_at_the_boundaries_takes_none_or_all(int count, int expected) =>
        Assert.Equal(expected, UniformSelection.Draw(Ten, count, seed: 1, round: 1).Length);

    [Theory]
    [InlineData(10, 1.3, 100, 13)]
    [InlineData(100, 1.1, 1000, 110)]
    [InlineData(3, 1.3, 100, 4)]
    [InlineData(3, 1.0, 100, 3)]
    [InlineData(10, 1.3, 12, 12)]
    [InlineData(0, 1.3, 12, 0)]
    [InlineData(int.MaxValue, 1000, int.MaxValue, int.MaxValue)]
    public void CountToAsk_rounds_up_and_stops_at_the_candidates(int goal, double factor, int candidates, int expected) =>
        Assert.Equal(expected, UniformSelection.CountToAsk(goal, factor, candidates));

    [Theory]
    [InlineData(0.9)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void CountToAsk_refuses_an_impossible_factor(double factor) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => UniformSelection.CountToAsk(10, factor, 10));
}
