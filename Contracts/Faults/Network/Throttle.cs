namespace OrleansEdge.Contracts.Faults.Network;

/// <summary>The bandwidth of one direction of a process's link, shared by its connections.</summary>
/// <param name="bitsPerSecond">The bandwidth; null for no limit.</param>
public sealed class Throttle(long? bitsPerSecond)
{
    private readonly Lock _lock = new();
    private TimeSpan _free;

    /// <summary>Puts some bytes on the link, after all that were put there before.</summary>
    /// <param name="now">The time on any steady clock.</param>
    /// <param name="bytes">How many.</param>
    /// <returns>When the last of them has left.</returns>
    public TimeSpan Send(TimeSpan now, int bytes)
    {
        if (bitsPerSecond is not { } rate)
        {
            return now;
        }

        lock (_lock)
        {
            _free = (_free > now ? _free : now) + TimeSpan.FromSeconds(8.0 * bytes / rate);
            return _free;
        }
    }
}
