using System.Collections.Immutable;
using System.Globalization;

namespace OrleansEdge.EdgeAgent.Data;

/// <summary>The one order of classes: numeric where all labels are numbers, otherwise ordinal.</summary>
internal static class LabelOrder
{
    /// <summary>The labels in order.</summary>
    public static ImmutableArray<string> Sort(IEnumerable<string> labels)
    {
        var ordinal = labels.Order(StringComparer.Ordinal).ToArray();
        var numbers = new double[ordinal.Length];
        for (var index = 0; index < ordinal.Length; index++)
        {
            if (!double.TryParse(ordinal[index], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[index])
                || !double.IsFinite(numbers[index]))
            {
                return [.. ordinal];
            }
        }

        return [.. ordinal.Zip(numbers).OrderBy(pair => pair.Second).Select(pair => pair.First)];
    }
}
