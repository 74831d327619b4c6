using System.Collections.Immutable;
using System.Reflection;

namespace OrleansEdge.Grains.Strategies;

/// <summary>All strategies that a job file can name.</summary>
internal sealed class StrategyCatalogue
{
    private StrategyCatalogue(ImmutableArray<IStrategyKind> kinds) => Kinds = kinds;

    /// <summary>The strategies of this assembly.</summary>
    public static StrategyCatalogue BuiltIn { get; } = FromAssembly(typeof(StrategyCatalogue).Assembly);

    /// <summary>In the ordinal order of their names.</summary>
    public ImmutableArray<IStrategyKind> Kinds { get; }

    /// <summary>Collects every concrete <see cref="IStrategyKind"/> of an assembly.</summary>
    /// <exception cref="InvalidOperationException">Two strategies have one name.</exception>
    public static StrategyCatalogue FromAssembly(Assembly assembly)
    {
        var kinds = assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && typeof(IStrategyKind).IsAssignableFrom(type))
            .Select(type => (IStrategyKind)Activator.CreateInstance(type)!)
            .OrderBy(kind => kind.Name, StringComparer.Ordinal)
            .ToImmutableArray();
        for (var index = 1; index < kinds.Length; index++)
        {
            if (kinds[index].Name == kinds[index - 1].Name)
            {
                throw new InvalidOperationException($"Two strategies have the name '{kinds[index].Name}'.");
            }
        }

        return new(kinds);
    }

    /// <summary>Finds a strategy by its name.</summary>
    /// <exception cref="StrategyException">There is none; the message lists the names.</exception>
    public IStrategyKind Find(string name) => Kinds.FirstOrDefault(kind => kind.Name == name)
        ?? throw new StrategyException($"'{name}' is not a strategy: use one of {string.Join(", ", Kinds.Select(kind => kind.Name))}.");

    /// <summary>Makes a strategy from what a job file says.</summary>
    /// <exception cref="StrategyException">The name or an option is unknown, or a value is impossible.</exception>
    public IStrategy Create(string name, IEnumerable<KeyValuePair<string, double>> options)
    {
        var kind = Find(name);
        return kind.Create(new(kind, options));
    }
}
