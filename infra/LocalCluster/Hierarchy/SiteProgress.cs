using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.LocalCluster.Hierarchy;

/// <summary>How a site below the root stands in the run.</summary>
internal sealed record SiteProgress
{
    /// <summary>The site.</summary>
    public required SiteName Name { get; init; }

    /// <summary>The site above it.</summary>
    public required SiteName Parent { get; init; }

    /// <summary>Whether it reaches its parent; null while it has not been asked.</summary>
    public bool? IsConnected { get; init; }

    /// <summary>The parent's round that it works for.</summary>
    public int ParentRound { get; init; }

    /// <summary>How many rounds it has done among its own participants.</summary>
    public int Rounds { get; init; }

    /// <summary>How many of them while its parent was away.</summary>
    public int AutonomousRounds { get; init; }

    /// <summary>How many of its updates its parent took although newer versions were there.</summary>
    public int StaleUpdatesAccepted { get; init; }

    /// <summary>How many of its updates its parent took.</summary>
    public int UpdatesAccepted { get; init; }

    /// <summary>How good its newest model is; null before it was measured.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Bytes to its parent, over the lives of its silos.</summary>
    public long BytesUp { get; init; }

    /// <summary>Bytes from its parent, over the lives of its silos.</summary>
    public long BytesDown { get; init; }
}
