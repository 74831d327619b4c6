using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Selection;

/// <summary>
/// Draws the participants of a round, each subset of the asked size equally likely. The draw depends on the set of the candidates, the seed
/// and the round only.
/// </summary>
internal static class UniformSelection
{
    /// <summary>Draws <paramref name="count"/> of the candidates; all of them where there are fewer.</summary>
    /// <param name="candidates">In any order; an id that occurs twice counts once.</param>
    /// <param name="count">0 or more.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="round">The round's number.</param>
    /// <returns>In ordinal order.</returns>
    public static ImmutableArray<ParticipantId> Draw(IEnumerable<ParticipantId> candidates, int count, ulong seed, int round)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var pool = candidates.Distinct().Order().ToArray();
        count = Math.Min(count, pool.Length);

        // The seed goes through the generator before the round is mixed in: neighbouring seeds and rounds must not share a sequence.
        var generator = new SplitMix64(new SplitMix64(seed).Next() ^ (ulong)round);
        for (var index = 0; index < count; index++)
        {
            var other = index + generator.Below(pool.Length - index);
            (pool[index], pool[other]) = (pool[other], pool[index]);
        }

        return [.. pool.Take(count).Order()];
    }

    /// <summary>How many participants to ask so that enough of them answer: ⌈goal × factor⌉, at most all candidates.</summary>
    /// <param name="goal">How many updates are wanted, 0 or more.</param>
    /// <param name="factor">1 or more; 1.3 is usual where a tenth of the devices drop out (Bonawitz et al., 2019).</param>
    /// <param name="candidates">How many could be asked, 0 or more.</param>
    public static int CountToAsk(int goal, double factor, int candidates)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(goal);
        ArgumentOutOfRangeException.ThrowIfNegative(candidates);
        if (!(factor >= 1 && factor <= 1000))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The over-selection factor must be from 1 to 1000.");
        }

        // In decimal, 100 × 1.1 is 110 and not a little more.
        return (int)Math.Min(Math.Ceiling(goal * (decimal)factor), candidates);
    }
}
