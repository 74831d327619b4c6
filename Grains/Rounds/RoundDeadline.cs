namespace OrleansEdge.Grains.Rounds;

/// <summary>Until when a round waits for updates. Memory: after a restart it is set anew from when the round was opened.</summary>
internal sealed class RoundDeadline(TimeProvider time)
{
    /// <summary>The moment.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>How often it was put off because the quorum was missed.</summary>
    public int Extensions { get; private set; }

    /// <summary>Whether it has passed.</summary>
    public bool HasPassed => time.GetUtcNow() >= At;

    /// <summary>Sets it to so long from now.</summary>
    public void Set(TimeSpan patience) => At = time.GetUtcNow() + patience;

    /// <summary>Sets it to so long after the opening, and not so near that participants cannot come back from a restart.</summary>
    public void Recover(DateTimeOffset openedAt, TimeSpan patience, TimeSpan grace)
    {
        var earliest = time.GetUtcNow() + grace;
        var planned = openedAt + patience;
        At = planned > earliest ? planned : earliest;
    }

    /// <summary>Puts it off.</summary>
    public void Extend(TimeSpan patience)
    {
        Extensions++;
        Set(patience);
    }
}
