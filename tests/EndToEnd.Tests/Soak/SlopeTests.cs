using OrleansEdge.Soak;

namespace OrleansEdge.EndToEnd.Tests.Soak;

public sealed class SlopeTests
{
    [Fact]
    public void A_line_has_its_slope_and_no_error()
    {
        var slope = Slope.Of([.. Enumerable.Range(0, 20).Select(round => new Reading(1, round, 100 + (0.5 * round)))]);

        Assert.Equal(0.5, slope.PerRound, 12);
        Assert.Equal(0, slope.StandardError, 12);
        Assert.Equal(104.75, slope.Mean, 12);
    }

    [Fact]
    public void The_step_from_one_life_to_the_next_is_not_growth_and_does_not_hide_it()
    {
        var flat = Slope.Of([.. Line(1, 0, 10, 200, 0), .. Line(2, 10, 10, 900, 0)]);
        var growing = Slope.Of([.. Line(1, 0, 10, 900, 3), .. Line(2, 10, 10, 200, 3)]);

        Assert.Equal(0, flat.PerRound, 12);
        Assert.Equal(3, growing.PerRound, 12);
    }

    [Fact]
    public void The_standard_error_is_that_of_least_squares()
    {
        // Rounds −1, 0, 1 and values 1, 0, 1 about the line y = 2/3: residuals 1/3, −2/3, 1/3; (6/9) / 1 / 2.
        var slope = Slope.Of([new(1, 0, 1), new(1, 1, 0), new(1, 2, 1)]);

        Assert.Equal(0, slope.PerRound, 12);
        Assert.Equal(Math.Sqrt(1 / 3.0), slope.StandardError, 12);
    }

    [Theory]
    [InlineData(0.2, 0.01, true)]
    [InlineData(0.05, 0.01, false)]
    [InlineData(0.2, 0.15, false)]
    [InlineData(-0.2, 0.01, false)]
    public void Growth_is_more_than_chance_and_more_than_a_share_of_the_mean(double perRound, double error, bool grows) =>
        Assert.Equal(grows, new Slope(perRound, error, Mean: 100).Grows(rounds: 100, share: 0.1));

    private static IEnumerable<Reading> Line(int life, int first, int count, double value, double slope) =>
        Enumerable.Range(0, count).Select(index => new Reading(life, first + index, value + (slope * index)));
}
