namespace OrleansEdge.Grains.Rounds;

/// <summary>What a round that collects updates should do next.</summary>
internal enum RoundDecision
{
    /// <summary>Wait for more updates.</summary>
    Wait = 0,

    /// <summary>Close with the updates that are committed.</summary>
    Close = 1,

    /// <summary>The deadline has passed without a quorum.</summary>
    QuorumMissed = 2,

    /// <summary>So many have declined that there can be no quorum, unless they are asked again.</summary>
    QuorumOutOfReach = 3,

    /// <summary>Everyone has said that they cannot: asking again would not help.</summary>
    Impossible = 4,

    /// <summary>So many have withdrawn that there can be no quorum, however often the others are asked.</summary>
    Hopeless = 5,
}

/// <summary>When a round closes: a pure function of what has arrived and the time.</summary>
internal static class RoundRules
{
    /// <summary>Decides.</summary>
    /// <param name="selected">How many were asked and have not withdrawn.</param>
    /// <param name="committed">How many have committed.</param>
    /// <param name="declined">How many have said that they cannot.</param>
    /// <param name="goal">How many updates are enough to close at once; less than <paramref name="selected"/> when over-selected.</param>
    /// <param name="quorum">How many are enough at the deadline.</param>
    /// <param name="deadlinePassed">Whether the deadline has passed.</param>
    public static RoundDecision Decide(int selected, int committed, int declined, int goal, int quorum, bool deadlinePassed)
    {
        if (selected < Math.Max(1, quorum))
        {
            return RoundDecision.Hopeless;
        }

        var everyoneHasSpoken = committed + declined >= selected;
        if (committed >= goal || (committed >= quorum && (everyoneHasSpoken || deadlinePassed)))
        {
            return RoundDecision.Close;
        }

        if (everyoneHasSpoken && committed == 0)
        {
            return RoundDecision.Impossible;
        }

        if (deadlinePassed)
        {
            return RoundDecision.QuorumMissed;
        }

        return selected - declined < quorum ? RoundDecision.QuorumOutOfReach : RoundDecision.Wait;
    }
}
