namespace OrleansEdge.Soak;

/// <summary>One reading of something that should not grow.</summary>
/// <param name="Life">Whose: a process that was started again begins anew, so only readings of the same life are compared.</param>
/// <param name="Round">In which round.</param>
/// <param name="Value">How much.</param>
internal readonly record struct Reading(int Life, int Round, double Value);

/// <summary>How much something grows with each round.</summary>
/// <param name="PerRound">The slope of a line with the same slope for all lives, and a beginning for each.</param>
/// <param name="StandardError">Its standard error; infinite where there are too few readings.</param>
/// <param name="Mean">The mean reading.</param>
internal sealed record Slope(double PerRound, double StandardError, double Mean)
{
    /// <summary>So many standard errors make a slope more than chance.</summary>
    private const double Significant = 2;

    /// <summary>Fits the line by least squares, after each life's means are taken out of rounds and values.</summary>
    public static Slope Of(IReadOnlyCollection<Reading> readings)
    {
        if (readings.Count == 0)
        {
            return new(0, double.PositiveInfinity, 0);
        }

        var lives = readings.GroupBy(reading => reading.Life).ToList();
        var centred = lives.SelectMany(life => Centre([.. life])).ToList();
        var squares = centred.Sum(point => point.Round * point.Round);
        var freedom = centred.Count - lives.Count - 1;
        if (squares == 0 || freedom < 1)
        {
            return new(0, double.PositiveInfinity, readings.Average(reading => reading.Value));
        }

        var slope = centred.Sum(point => point.Round * point.Value) / squares;
        var residual = centred.Sum(point => Math.Pow(point.Value - (slope * point.Round), 2));
        return new(slope, Math.Sqrt(residual / freedom / squares), readings.Average(reading => reading.Value));
    }

    /// <summary>
    /// Whether it grows by more than chance, and by so much in <paramref name="rounds"/> rounds that it matters: more than
    /// <paramref name="share"/> of its mean.
    /// </summary>
    public bool Grows(int rounds, double share) => PerRound > Significant * StandardError && PerRound * rounds > share * Mean;

    private static IEnumerable<(double Round, double Value)> Centre(Reading[] life)
    {
        var (round, value) = (life.Average(reading => reading.Round), life.Average(reading => reading.Value));
        return life.Select(reading => (reading.Round - round, reading.Value - value));
    }
}
