using OrleansEdge.EdgeAgent.Data;

namespace OrleansEdge.EdgeAgent.Tests.Data;

public sealed class SeededRandomTests
{
    [Fact]
    public void Same_seed_gives_the_same_sequence_and_another_stream_another()
    {
        Assert.Equal(Draw(new SeededRandom(7, 3)), Draw(new SeededRandom(7, 3)));
        Assert.NotEqual(Draw(new SeededRandom(7, 3)), Draw(new SeededRandom(7, 4)));
        Assert.NotEqual(Draw(new SeededRandom(7, 3)), Draw(new SeededRandom(8, 3)));
    }

    [Fact]
    public void NextInt_is_even_and_in_range()
    {
        var random = new SeededRandom(1);
        var counts = new int[7];
        for (var draw = 0; draw < 70_000; draw++)
        {
            counts[random.NextInt(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Shuffle_keeps_all_items()
    {
        var items = Enumerable.Range(0, 1000).ToArray();
        new SeededRandom(1).Shuffle(items);
        Assert.NotEqual(Enumerable.Range(0, 1000), items);
        Assert.Equal(Enumerable.Range(0, 1000), items.Order());
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(5.0)]
    public void Gamma_has_mean_and_variance_of_its_shape(double shape)
    {
        var random = new SeededRandom(2);
        var draws = Enumerable.Range(0, 40_000).Select(_ => Math.Exp(random.NextLogGamma(shape))).ToArray();
        var mean = draws.Average();
        Assert.InRange(mean / shape, 0.96, 1.04);
        Assert.InRange(draws.Average(draw => (draw - mean) * (draw - mean)) / shape, 0.9, 1.1);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.5)]
    [InlineData(1e6)]
    public void Dirichlet_adds_up_to_one_for_every_concentration(double concentration)
    {
        var shares = new double[10];
        new SeededRandom(3).NextDirichlet(concentration, shares);
        Assert.Equal(1.0, shares.Sum(), 12);
        Assert.All(shares, share => Assert.InRange(share, 0.0, 1.0));
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(1.42)]
    [InlineData(12345.678)]
    public void Portable_logarithm_and_exponential_agree_with_the_platforms(double value)
    {
        Assert.Equal(Math.Log(value), PortableMath.Log(value), 1e-13 * Math.Max(1, Math.Abs(Math.Log(value))));
        Assert.Equal(1.0, PortableMath.Exp(PortableMath.Log(value)) / value, 1e-12);
    }

    private static ulong[] Draw(SeededRandom random) => [random.NextBits(), random.NextBits(), random.NextBits()];
}
