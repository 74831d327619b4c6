namespace OrleansEdge.Contracts.Faults.Network;

/// <summary>How long things are on their way in one direction of a connection. They arrive in the order in which they left.</summary>
/// <param name="mean">The mean.</param>
/// <param name="spread">How far from the mean at most, evenly spread.</param>
/// <param name="random">Where the spread comes from.</param>
public sealed class DelayLine(TimeSpan mean, TimeSpan spread, Random random)
{
    private TimeSpan _last;

    /// <summary>When what has left at <paramref name="sent"/> arrives.</summary>
    public TimeSpan Arrive(TimeSpan sent)
    {
        var due = sent + mean + (((2 * random.NextDouble()) - 1) * spread);
        return _last = due > _last ? due : _last;
    }
}
