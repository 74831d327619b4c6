using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Splits;

namespace OrleansEdge.EdgeAgent.Participation;

/// <summary>Data that a participant offers under a name: <c>turbines=csv:data.csv?label=power</c>.</summary>
/// <param name="Name">The name that a job's file uses.</param>
/// <param name="Specification">What it is.</param>
internal sealed record DataOffer(DataName Name, DataSpecification Specification)
{
    /// <summary>Reads <c>NAME=SPEC</c>.</summary>
    /// <exception cref="FormatException">The name is missing or outside the grammar.</exception>
    /// <exception cref="DataException">The specification is wrong.</exception>
    public static DataOffer Parse(string text)
    {
        var separator = text.IndexOf('=');
        return separator > 0
            ? new(DataName.Parse(text[..separator]), DataSpecification.Parse(text[(separator + 1)..]))
            : throw new FormatException($"--data '{text}' has no name: write NAME=SPEC, for example digits=generated.");
    }
}

/// <summary>The opened data of a participant.</summary>
internal sealed class DataCatalogue(IReadOnlyDictionary<DataName, IDataSource> sources)
{
    /// <summary>The names, in order.</summary>
    public IEnumerable<DataName> Names => sources.Keys.Order();

    /// <summary>Opens everything that is offered, so that a fault shows at start.</summary>
    /// <exception cref="DataException">Data are missing or wrong.</exception>
    public static async Task<DataCatalogue> Open(
        IEnumerable<DataOffer> offers, DataAssignment? assignment, DataSourceFactory factory, CancellationToken cancellation)
    {
        var sources = new Dictionary<DataName, IDataSource>();
        foreach (var offer in offers)
        {
            if (!sources.TryAdd(offer.Name, await factory.OpenAsync(offer.Specification, assignment, cancellation)))
            {
                throw new DataException($"the name '{offer.Name}' is given to two --data options: each name stands for one data set.");
            }
        }

        return new(sources);
    }

    /// <summary>The data of a name.</summary>
    /// <exception cref="DataException">This participant does not offer it.</exception>
    public IDataSource Find(DataName name) => sources.TryGetValue(name, out var source)
        ? source
        : throw new DataException($"this device offers no data '{name}'; it offers {string.Join(", ", Names)}.");
}
