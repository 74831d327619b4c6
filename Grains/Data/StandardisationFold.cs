using System.Collections.Immutable;
using System.Globalization;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Data;

/// <summary>
/// Combines what the participants say of their data to what the job's data look like. The participants are taken in the order of their ids,
/// so the constants do not depend on who answered first.
/// </summary>
internal static class StandardisationFold
{
    // Below this share of the mean square, a variance cannot be told from the rounding of the sums it is computed from.
    private const double ConstantTolerance = 1e-13;

    /// <summary>Combines the summaries.</summary>
    /// <exception cref="DataSummaryException">
    /// There is no summary or no example, a summary contradicts itself, or two differ in what they describe; the message names the participant.
    /// </exception>
    public static TaskDescription Combine(IReadOnlyDictionary<ParticipantId, DataSummary> summaries)
    {
        var ordered = summaries.OrderBy(pair => pair.Key).ToList();
        if (ordered.Count == 0)
        {
            throw new DataSummaryException("No participant has described its data: at least one with the job's data must take part.");
        }

        var (firstId, first) = ordered[0];
        foreach (var (id, summary) in ordered)
        {
            RequireSound(id, summary);
            RequireEqual(firstId, first, id, summary);
        }

        if (ordered.TrueForAll(pair => pair.Value.Examples == 0))
        {
            throw new DataSummaryException("No participant holds an example of the job's data: at least one must.");
        }

        var labels = Labels(first.Kind, ordered.SelectMany(pair => pair.Value.Labels));
        return new(first.Kind, first.InputShape, labels, first.Features, Constants(first, ordered.ConvertAll(pair => pair.Value)));
    }

    /// <summary>Checks a summary on its own.</summary>
    /// <exception cref="DataSummaryException">It contradicts itself.</exception>
    public static void RequireSound(ParticipantId id, DataSummary summary)
    {
        var expected = SumCount(summary);
        if (summary.Examples < 0 || summary.Sums.Length != expected || summary.SumsOfSquares.Length != expected)
        {
            throw new DataSummaryException(
                $"Participant {id} describes {summary.Examples} examples with {summary.Sums.Length} sums and {summary.SumsOfSquares.Length} " +
                $"sums of squares where {expected} of each are due: it must describe its data again.");
        }

        if (summary.Sums.Concat(summary.SumsOfSquares).Any(value => !double.IsFinite(value)) || summary.SumsOfSquares.Any(value => value < 0))
        {
            throw new DataSummaryException($"Participant {id} describes data with values that are not finite numbers: correct its data.");
        }
    }

    /// <summary>Checks that two participants describe data of one form.</summary>
    /// <exception cref="DataSummaryException">They do not.</exception>
    public static void RequireEqual(ParticipantId firstId, DataSummary first, ParticipantId id, DataSummary summary)
    {
        if (summary.Kind != first.Kind)
        {
            throw Difference($"is for {Text(summary.Kind)}", $"is for {Text(first.Kind)}");
        }

        if (!summary.InputShape.SequenceEqual(first.InputShape))
        {
            throw Difference($"has examples of shape {Text(summary.InputShape)}", $"has {Text(first.InputShape)}");
        }

        if (summary.Features.Length != first.Features.Length)
        {
            throw Difference($"has {summary.Features.Length} features", $"has {first.Features.Length}");
        }

        for (var index = 0; index < first.Features.Length; index++)
        {
            if (summary.Features[index] != first.Features[index])
            {
                throw Difference($"has '{summary.Features[index]}' as feature {index + 1}", $"has '{first.Features[index]}'");
            }
        }

        DataSummaryException Difference(string here, string there) =>
            new($"The data of participant {id} {here}, but that of {firstId} {there}: give all participants of a job data of one form.");
    }

    private static ImmutableArray<string> Labels(TaskKind kind, IEnumerable<string> labels)
    {
        if (kind != TaskKind.Classification)
        {
            return [];
        }

        var distinct = labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (distinct.Count < 2)
        {
            throw new DataSummaryException(
                $"The number of classes in all participants' data together is {distinct.Count}: classification needs at least 2.");
        }

        // OrderBy is stable: different spellings of one number stay in ordinal order.
        return distinct.TrueForAll(label => Number(label) is not null) ? [.. distinct.OrderBy(Number)] : [.. distinct];
    }

    private static double? Number(string label) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static Standardisation? Constants(DataSummary first, List<DataSummary> summaries)
    {
        if (first.Features.IsEmpty)
        {
            return null;
        }

        var moments = Enumerable.Range(0, SumCount(first)).Select(column => Moments(summaries, column)).ToList();
        var features = moments.Take(first.Features.Length).ToList();
        var target = first.Kind == TaskKind.Regression ? moments[^1] : (Mean: 0, Deviation: 1);
        return new([.. features.Select(moment => moment.Mean)], [.. features.Select(moment => moment.Deviation)], target.Mean, target.Deviation);
    }

    /// <summary>
    /// Merges centred moments (Chan, Golub and LeVeque, 1979): subtracting the square of a total sum from a total of squares would lose what
    /// the participants' own sums still hold.
    /// </summary>
    private static (double Mean, double Deviation) Moments(List<DataSummary> summaries, int column)
    {
        var (count, mean, centred, square) = (0.0, 0.0, 0.0, 0.0);
        foreach (var summary in summaries.Where(summary => summary.Examples > 0))
        {
            var examples = (double)summary.Examples;
            var otherMean = summary.Sums[column] / examples;
            var otherCentred = Math.Max(0, Math.FusedMultiplyAdd(-otherMean, summary.Sums[column], summary.SumsOfSquares[column]));
            var distance = otherMean - mean;
            var total = count + examples;
            mean += distance * (examples / total);
            centred += otherCentred + distance * distance * (count * examples / total);
            square += summary.SumsOfSquares[column];
            count = total;
        }

        return (mean, centred <= ConstantTolerance * square ? 1 : Math.Sqrt(centred / count));
    }

    private static int SumCount(DataSummary summary) =>
        summary.Features.IsEmpty ? 0 : summary.Features.Length + (summary.Kind == TaskKind.Regression ? 1 : 0);

    private static string Text(TaskKind kind) => kind == TaskKind.Regression ? "regression" : "classification";

    private static string Text(ImmutableArray<int> shape) => $"[{string.Join(", ", shape)}]";
}

/// <summary>The participants' data do not go together. The message is one sentence for a person.</summary>
internal sealed class DataSummaryException(string message) : Exception(message);
