namespace OrleansEdge.EdgeAgent.Participation.Roaming;

/// <summary>How it goes with a device at one site: whether the site answers, and when is a good moment to leave. Safe for several threads.</summary>
/// <param name="time">The clock.</param>
/// <param name="left">Cancelled when the device leaves.</param>
internal sealed class SiteStay(TimeProvider time, CancellationToken left)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // It has not answered yet.
    private long? _troubleSince = time.GetTimestamp();
    private bool _wantsToLeave;

    /// <summary>Completes when the device does nothing and waits to leave: see <see cref="Pause"/>.</summary>
    public Task Paused => _paused.Task;

    /// <summary>For how long the site has not answered; zero while it does.</summary>
    public TimeSpan Trouble
    {
        get
        {
            lock (_gate)
            {
                return _troubleSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
            }
        }
    }

    /// <summary>The site answers, or does not.</summary>
    public void Reached(bool answers)
    {
        lock (_gate)
        {
            _troubleSince = answers ? null : _troubleSince ?? time.GetTimestamp();
        }
    }

    /// <summary>Asks the device to pause between two instructions.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _wantsToLeave = true;
        }
    }

    /// <summary>Asks it no longer.</summary>
    public void GoOn()
    {
        lock (_gate)
        {
            _wantsToLeave = false;
        }
    }

    /// <summary>Called between two instructions, before the site is asked for another; comes back only if the device stays.</summary>
    public async ValueTask BetweenInstructions()
    {
        lock (_gate)
        {
            if (!_wantsToLeave)
            {
                return;
            }
        }

        _paused.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, time, left);
    }
}
