using OrleansEdge.Grains.Jobs.Files;

namespace OrleansEdge.Grains.Tests.Jobs;

/// <summary>Declarations as strategies make them: without options, with a whole number, and with a real number.</summary>
internal sealed class FakeStrategies : IStrategyDeclarations
{
    public IReadOnlyList<string> Names => ["fedavg", "coordinate-median", "krum", "trimmed"];

    public string SummaryOf(string strategy) => $"What {strategy} does";

    public IReadOnlyList<StrategyOptionDeclaration> OptionsOf(string strategy) => strategy switch
    {
        "krum" => [new("byzantine", 1, 0, 1000, IsInteger: true, "How many updates may be hostile")],
        "trimmed" => [new("share", 0.1, 0, 0.49, IsInteger: false, "The share cut off at each end"), new("power", 1, -2, 2, IsInteger: false, "A power")],
        "fedavg" or "coordinate-median" => [],
        _ => throw new InvalidOperationException($"asked for {strategy}"),
    };

    public int MinimumContributions(string strategy, IReadOnlyDictionary<string, double> options) =>
        strategy == "krum" ? (2 * (int)options["byzantine"]) + 3 : 1;
}
