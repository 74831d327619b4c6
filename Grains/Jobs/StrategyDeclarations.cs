using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Jobs;

/// <summary>The built-in strategies, as the job file's parser asks for them.</summary>
public sealed class StrategyDeclarations : IStrategyDeclarations
{
    private static StrategyCatalogue Catalogue => StrategyCatalogue.BuiltIn;

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [.. Catalogue.Kinds.Select(kind => kind.Name)];

    /// <inheritdoc/>
    public string SummaryOf(string strategy) => Catalogue.Find(strategy).Summary;

    /// <inheritdoc/>
    public IReadOnlyList<StrategyOptionDeclaration> OptionsOf(string strategy) =>
    [
        .. Catalogue.Find(strategy).Options.Select(option => new StrategyOptionDeclaration(
            option.Name, option.Default, option.Minimum, option.Maximum, option.IsInteger, option.Summary)),
    ];

    /// <inheritdoc/>
    public int MinimumContributions(string strategy, IReadOnlyDictionary<string, double> options) =>
        Catalogue.Create(strategy, options).MinimumContributions;
}
