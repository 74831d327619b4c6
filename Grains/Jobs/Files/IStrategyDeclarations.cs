namespace OrleansEdge.Grains.Jobs.Files;

/// <summary>One option of a strategy: its key in the <c>strategy</c> section of a job file.</summary>
/// <param name="Name">The key, in camel case.</param>
/// <param name="Default">The value where the file gives none.</param>
/// <param name="Minimum">The smallest value allowed.</param>
/// <param name="Maximum">The largest value allowed.</param>
/// <param name="IsInteger">Whether only whole numbers are allowed.</param>
/// <param name="Summary">What it does, in a sentence.</param>
public sealed record StrategyOptionDeclaration(string Name, double Default, double Minimum, double Maximum, bool IsInteger, string Summary);

/// <summary>The strategies that a job file may name. All members take only names out of <see cref="Names"/>.</summary>
public interface IStrategyDeclarations
{
    /// <summary>The strategies' names, in the order in which they are documented; <c>fedavg</c>, the default, is one of them.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>What a strategy does, in a sentence.</summary>
    string SummaryOf(string strategy);

    /// <summary>The options of a strategy, in the order in which they are documented.</summary>
    IReadOnlyList<StrategyOptionDeclaration> OptionsOf(string strategy);

    /// <summary>The smallest number of updates from which the strategy can make a version, 1 or more.</summary>
    /// <param name="strategy">The strategy's name.</param>
    /// <param name="options">The values of all its options.</param>
    int MinimumContributions(string strategy, IReadOnlyDictionary<string, double> options);
}
