using System.Collections.Immutable;

namespace OrleansEdge.Grains.Models;

/// <summary>Successive numbers of versions.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
[GenerateSerializer, Immutable, Alias("oe.NumberRange")]
internal readonly record struct NumberRange([property: Id(0)] int First, [property: Id(1)] int Last);

/// <summary>Sets of numbers as few ranges: in order, disjoint, and never adjacent.</summary>
internal static class NumberRanges
{
    /// <summary>Whether a number is in the set.</summary>
    public static bool Has(this ImmutableArray<NumberRange> ranges, int number) =>
        ranges.Any(range => number >= range.First && number <= range.Last);

    /// <summary>The set with more numbers in it.</summary>
    public static ImmutableArray<NumberRange> With(this ImmutableArray<NumberRange> ranges, IEnumerable<int> numbers)
    {
        var merged = ImmutableArray.CreateBuilder<NumberRange>();
        foreach (var range in ranges.Concat(numbers.Select(number => new NumberRange(number, number))).OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = merged[^1] with { Last = Math.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged.ToImmutable();
    }
}
