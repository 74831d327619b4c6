using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Data;

/// <summary>
/// Adds up what a site's participants say of their data to what the site says of it. In the order of the participants' ids, so that the sums do
/// not depend on who answered first.
/// </summary>
internal static class SummaryMerge
{
    /// <summary>Adds them up.</summary>
    /// <param name="summaries">One at least.</param>
    /// <exception cref="DataSummaryException">Two differ in what they describe, or one contradicts itself; the message names the participant.</exception>
    public static DataSummary Merge(IReadOnlyDictionary<ParticipantId, DataSummary> summaries)
    {
        var ordered = summaries.OrderBy(pair => pair.Key).ToList();
        var (firstId, first) = ordered[0];
        foreach (var (id, summary) in ordered)
        {
            StandardisationFold.RequireSound(id, summary);
            StandardisationFold.RequireEqual(firstId, first, id, summary);
        }

        return first with
        {
            Labels = [.. ordered.SelectMany(pair => pair.Value.Labels).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Examples = ordered.Sum(pair => pair.Value.Examples),
            Sums = Add(ordered.ConvertAll(pair => pair.Value.Sums)),
            SumsOfSquares = Add(ordered.ConvertAll(pair => pair.Value.SumsOfSquares)),
        };
    }

    private static ImmutableArray<double> Add(List<ImmutableArray<double>> terms) =>
        [.. Enumerable.Range(0, terms[0].Length).Select(column => terms.Sum(term => term[column]))];
}
