using System.Collections.Immutable;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Tests.Strategies;

public class StrategyCatalogueTests
{
    [Fact]
    public void BuiltIn_holds_the_strategies_in_order()
    {
        Assert.Equal(["coordinate-median", "fedavg", "krum"], StrategyCatalogue.BuiltIn.Kinds.Select(kind => kind.Name));
        foreach (var kind in StrategyCatalogue.BuiltIn.Kinds)
        {
            Assert.NotEmpty(kind.Summary);
            Assert.All(kind.Options, option => Assert.True(option.Allows(option.Default)));
            Assert.NotNull(StrategyCatalogue.BuiltIn.Create(kind.Name, []));
        }
    }

    [Fact]
    public void FromAssembly_finds_a_kind_that_is_nothing_but_a_class() =>
        Assert.IsType<FedAvg>(StrategyCatalogue.FromAssembly(typeof(StrategyCatalogueTests).Assembly).Create("only-in-tests", []));

    [Fact]
    public void Create_passes_the_options_on()
    {
        Assert.Equal(7, StrategyCatalogue.BuiltIn.Create("krum", Options(("byzantine", 2))).MinimumContributions);
        Assert.Equal(10, StrategyCatalogue.BuiltIn.Create("krum", Options(("byzantine", 2), ("select", 8))).MinimumContributions);
        Assert.Equal(5, StrategyCatalogue.BuiltIn.Create("krum", []).MinimumContributions);
    }

    [Theory]
    [InlineData("krumm", "byzantine", 1, "'krumm' is not a strategy: use one of coordinate-median, fedavg, krum.")]
    [InlineData("krum", "bizantine", 1, "krum has no option 'bizantine': it takes byzantine, select.")]
    [InlineData("fedavg", "select", 1, "fedavg has no option 'select': it takes no options.")]
    [InlineData("krum", "byzantine", -1, "krum's option 'byzantine' is -1: it must be a whole number from 0 to 100000.")]
    [InlineData("krum", "select", 0, "krum's option 'select' is 0: it must be a whole number from 1 to 100000.")]
    [InlineData("krum", "select", 1.5, "krum's option 'select' is 1.5: it must be a whole number from 1 to 100000.")]
    [InlineData("krum", "select", double.NaN, "krum's option 'select' is NaN: it must be a whole number from 1 to 100000.")]
    public void Create_from_impossible_options_says_what_is_allowed(string name, string option, double value, string message)
    {
        var error = Assert.Throws<StrategyException>(() => StrategyCatalogue.BuiltIn.Create(name, Options((option, value))));
        Assert.Equal(message, error.Message);
    }

    private static Dictionary<string, double> Options(params (string Name, double Value)[] options) =>
        options.ToDictionary(option => option.Name, option => option.Value);

    private sealed class OnlyInTests : IStrategyKind
    {
        public string Name => "only-in-tests";

        public string Summary => "Shows that a strategy is one class.";

        public ImmutableArray<StrategyOption> Options => [];

        public IStrategy Create(StrategyOptionValues values) => new FedAvg();
    }
}
