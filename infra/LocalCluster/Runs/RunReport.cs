using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.LocalCluster.Runs;

/// <summary>What came of a run: the last line of standard output with <c>--json</c>.</summary>
internal sealed record RunReport
{
    /// <summary>The job's id.</summary>
    public string? Job { get; init; }

    /// <summary>The phase in which the job ended; null if it was never submitted.</summary>
    public JobPhase? Phase { get; init; }

    /// <summary>The model's name.</summary>
    public string? Model { get; init; }

    /// <summary>The number of the last version.</summary>
    public int? Version { get; init; }

    /// <summary>The hash of its weights: see <see cref="WeightsDigest"/>.</summary>
    public string? Weights { get; init; }

    /// <summary>The number of rounds done.</summary>
    public int Rounds { get; init; }

    /// <summary>How often a round was done over, or given up.</summary>
    public int RoundsDoneOver { get; init; }

    /// <summary>The share of right answers; null for regression.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The mean loss.</summary>
    public double? Loss { get; init; }

    /// <summary>From the submission of the job to its end.</summary>
    public double Seconds { get; init; }

    /// <summary>Bytes on the wire from participants.</summary>
    public long BytesUp { get; init; }

    /// <summary>Bytes on the wire to participants.</summary>
    public long BytesDown { get; init; }

    /// <summary>Bytes of updates that were sent more than once.</summary>
    public long BytesResent { get; init; }

    /// <summary>The updates that the root has taken, version 0 included.</summary>
    public long Updates { get; init; }

    /// <summary>How many of them came after newer versions were there.</summary>
    public int LateUpdates { get; init; }

    /// <summary>The number of devices, over all sites.</summary>
    public int Participants { get; init; }

    /// <summary>Participants that were asked in vain, over all rounds.</summary>
    public long Failures { get; init; }

    /// <summary>What was really done to the system.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>How often a process was started again.</summary>
    public int Restarts { get; init; }

    /// <summary>The sites below the root; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SiteReport>? Sites { get; init; }

    /// <summary>The work folder, if it is kept.</summary>
    public string? Work { get; init; }

    /// <summary>Why the job did not complete; null if it did.</summary>
    public string? Error { get; init; }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SiteJson.Options);
}

/// <summary>What came of a site below the root.</summary>
/// <param name="Name">The site.</param>
/// <param name="Parent">The site above it.</param>
/// <param name="Accuracy">How good its newest model is; null where it was not measured.</param>
/// <param name="BytesUp">Bytes on the wire to its parent.</param>
/// <param name="BytesDown">Bytes on the wire from its parent.</param>
/// <param name="Rounds">How many rounds it has done among its own participants.</param>
/// <param name="AutonomousRounds">How many of them while its parent was away.</param>
/// <param name="UpdatesAccepted">How many of its updates its parent took.</param>
/// <param name="StaleUpdatesAccepted">How many of these although newer versions were there.</param>
internal sealed record SiteReport(
    SiteName Name, SiteName Parent, double? Accuracy, long BytesUp, long BytesDown, int Rounds, int AutonomousRounds, int UpdatesAccepted, int StaleUpdatesAccepted)
{
    /// <summary>Reports how a site stands at the end.</summary>
    public static SiteReport Of(SiteProgress site) => new(
        site.Name, site.Parent, site.Accuracy, site.BytesUp, site.BytesDown, site.Rounds, site.AutonomousRounds, site.UpdatesAccepted, site.StaleUpdatesAccepted);
}
