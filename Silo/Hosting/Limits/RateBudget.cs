namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>So much a second for long, and more for a moment. What was taken too soon is waited for afterwards. Safe for concurrent use.</summary>
/// <param name="perSecond">How much a second; 0: no limit.</param>
/// <param name="burst">How many seconds' worth may be taken at once.</param>
/// <param name="time">The clock.</param>
internal sealed class RateBudget(long perSecond, double burst, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _lastAt = time.GetTimestamp();
    private double _left = perSecond * burst;

    /// <summary>Takes from the budget, whether it is there or not.</summary>
    /// <returns>How long to wait before taking more; zero where there is some left.</returns>
    public TimeSpan Take(long amount)
    {
        if (perSecond == 0)
        {
            return TimeSpan.Zero;
        }

        lock (_lock)
        {
            Refill();
            _left -= amount;
            return _left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_left / perSecond);
        }
    }

    /// <summary>Takes from the budget if it is there.</summary>
    public bool TryTake(long amount)
    {
        lock (_lock)
        {
            Refill();
            if (perSecond > 0 && _left < amount)
            {
                return false;
            }

            _left -= amount;
            return true;
        }
    }

    private void Refill()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(perSecond * burst, _left + (time.GetElapsedTime(_lastAt, now).TotalSeconds * perSecond));
        _lastAt = now;
    }
}
