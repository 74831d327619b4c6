namespace OrleansEdge.Grains.Strategies;

/// <summary>The checked values of a strategy's options.</summary>
internal sealed class StrategyOptionValues
{
    private readonly IStrategyKind kind;
    private readonly Dictionary<string, double> given;

    /// <param name="kind">The strategy that declares the options.</param>
    /// <param name="given">What the job file gives; the rest has its default.</param>
    /// <exception cref="StrategyException">An option is unknown or has an impossible value.</exception>
    public StrategyOptionValues(IStrategyKind kind, IEnumerable<KeyValuePair<string, double>> given)
    {
        this.kind = kind;
        this.given = new(given, StringComparer.Ordinal);
        foreach (var (name, value) in this.given)
        {
            var option = kind.Options.FirstOrDefault(option => option.Name == name) ?? throw new StrategyException(Unknown(kind, name));
            if (!option.Allows(value))
            {
                throw new StrategyException($"{kind.Name}'s option '{name}' is {value}: it must be {option.Allowed}.");
            }
        }
    }

    /// <summary>The value that was given, else the default.</summary>
    public double Number(string name) =>
        given.TryGetValue(name, out var value) ? value : kind.Options.First(option => option.Name == name).Default;

    /// <inheritdoc cref="Number"/>
    public int Integer(string name) => (int)Number(name);

    private static string Unknown(IStrategyKind kind, string name) => kind.Options.IsEmpty
        ? $"{kind.Name} has no option '{name}': it takes no options."
        : $"{kind.Name} has no option '{name}': it takes {string.Join(", ", kind.Options.Select(option => option.Name))}.";
}
