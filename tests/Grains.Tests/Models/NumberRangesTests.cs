using System.Collections.Immutable;
using OrleansEdge.Grains.Models;

namespace OrleansEdge.Grains.Tests.Models;

public sealed class NumberRangesTests
{
    [Fact]
    public void Set_is_as_few_ranges_as_can_be_in_whatever_order_it_was_made()
    {
        foreach (var seed in Enumerable.Range(0, 50))
        {
            var random = new Random(seed);
            var numbers = Enumerable.Range(0, 40).Where(_ => random.Next(2) == 0).ToHashSet();
            var ranges = ImmutableArray<NumberRange>.Empty;
            foreach (var part in numbers.OrderBy(_ => random.Next()).Chunk(1 + random.Next(5)))
            {
                ranges = ranges.With(part);
            }

            Assert.True(numbers.SetEquals(Enumerable.Range(0, 42).Where(number => ranges.Has(number))), $"seed {seed}");
            Assert.Equal(numbers.Count(number => !numbers.Contains(number - 1)), ranges.Length);
        }
    }
}
