using System.Collections.Immutable;

namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// What a job file can name: a strategy with its options. A new strategy is one new file with an implementation of this interface that has a
/// constructor without parameters; <see cref="StrategyCatalogue"/> finds it.
/// </summary>
internal interface IStrategyKind
{
    /// <summary>The name in the job file: lower-case letters, digits and hyphens.</summary>
    string Name { get; }

    /// <summary>One sentence for a person who chooses a strategy.</summary>
    string Summary { get; }

    /// <summary>The options that the job file may give.</summary>
    ImmutableArray<StrategyOption> Options { get; }

    /// <summary>Makes the strategy.</summary>
    /// <exception cref="StrategyException">The options contradict each other.</exception>
    IStrategy Create(StrategyOptionValues values);
}

/// <summary>An option of a strategy.</summary>
/// <param name="Name">The key in the job file.</param>
/// <param name="Default">The value where the job file gives none.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value.</param>
/// <param name="IsInteger">Whether only whole numbers are allowed.</param>
/// <param name="Summary">What the option does, for a person.</param>
internal sealed record StrategyOption(string Name, double Default, double Minimum, double Maximum, bool IsInteger, string Summary)
{
    /// <summary>What is allowed, in words: <c>a whole number from 0 to 10</c>.</summary>
    public string Allowed => $"a {(IsInteger ? "whole " : "")}number from {Minimum} to {Maximum}";

    /// <summary>Whether the option may have this value.</summary>
    public bool Allows(double value) => value >= Minimum && value <= Maximum && (!IsInteger || double.IsInteger(value));
}
