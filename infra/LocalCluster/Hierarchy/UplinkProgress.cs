namespace OrleansEdge.LocalCluster.Hierarchy;

/// <summary>What this program reads of a silo's link to its site's parent.</summary>
internal sealed record UplinkProgress
{
    /// <summary>The parent's name; null while the site has not met it.</summary>
    public string? ParentName { get; init; }

    /// <summary>Whether the parent can be reached.</summary>
    public bool Connected { get; init; }

    /// <summary>How long a message takes there and back; null while that is not known.</summary>
    public double? RoundTripMilliseconds { get; init; }

    /// <summary>Bytes to the parent since the silo's process started.</summary>
    public long BytesUp { get; init; }

    /// <summary>Bytes from the parent since the silo's process started.</summary>
    public long BytesDown { get; init; }

    /// <summary>The parent's jobs in which the site takes part.</summary>
    public IReadOnlyList<UplinkJob> Jobs { get; init; } = [];
}

/// <summary>How a job of the parent stands at a site.</summary>
/// <param name="Job">The job's id at the parent.</param>
/// <param name="ParentRound">The parent's round that the site works for, or worked for last.</param>
/// <param name="Rounds">How many rounds the site has done among its own participants.</param>
/// <param name="AutonomousRounds">How many of them while its parent was away.</param>
/// <param name="StaleUpdatesAccepted">How many of its updates the parent took although newer versions were there.</param>
/// <param name="UpdatesAccepted">How many of its updates the parent took.</param>
/// <param name="Accuracy">How good the site's newest model is on its own participants' data; null before it was measured.</param>
internal sealed record UplinkJob(
    string Job, int ParentRound, int Rounds, int AutonomousRounds, int StaleUpdatesAccepted, int UpdatesAccepted, double? Accuracy);
