using OrleansEdge.Grains.Jobs.Files;

namespace OrleansEdge.Grains.Tests.Jobs;

/// <summary>The strategies that docs/job-file.md and the example files name.</summary>
internal sealed class DocumentedStrategies : IStrategyDeclarations
{
    public static DocumentedStrategies Instance { get; } = new();

    public IReadOnlyList<string> Names => ["fedavg", "coordinate-median", "krum"];

    public string SummaryOf(string strategy) => strategy switch
    {
        "fedavg" => "The mean of the updates, weighted by the number of examples behind each (McMahan and others, 2017)",
        "coordinate-median" => "The median of each weight over the updates, unweighted (Yin and others, 2018)",
        _ => "The one update that is nearest to its neighbours (Blanchard and others, 2017)",
    };

    public IReadOnlyList<StrategyOptionDeclaration> OptionsOf(string strategy) => strategy == "krum"
        ? [new("byzantine", 1, 0, 1000, IsInteger: true, "How many updates may be hostile: krum needs 2 × byzantine + 3 updates")]
        : [];

    public int MinimumContributions(string strategy, IReadOnlyDictionary<string, double> options) =>
        strategy == "krum" ? (2 * (int)options["byzantine"]) + 3 : 1;
}
