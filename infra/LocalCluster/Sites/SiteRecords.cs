using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>What this program reads of a job's status.</summary>
internal sealed record JobProgress
{
    /// <summary>The phase.</summary>
    public JobPhase Phase { get; init; }

    /// <summary>The current round, or the last one.</summary>
    public int Round { get; init; }

    /// <summary>The number of rounds to do.</summary>
    public int Rounds { get; init; }

    /// <summary>The newest version; null before the first.</summary>
    public ModelVersionId? Version { get; init; }

    /// <summary>How good the last measured version is; null before the first measurement.</summary>
    public Evaluation? Evaluation { get; init; }

    /// <summary>The open round; null between rounds.</summary>
    public OpenRound? OpenRound { get; init; }

    /// <summary>What adds up.</summary>
    public JobTotals Totals { get; init; }

    /// <summary>One sentence when failed.</summary>
    public string? Failure { get; init; }

    /// <summary>One sentence that says what the job waits for, if it does.</summary>
    public string? Waiting { get; init; }

    /// <summary>Whether the job has ended.</summary>
    public bool IsOver => Phase is JobPhase.Completed or JobPhase.Failed or JobPhase.Stopped;
}

/// <summary>What this program reads of an open round.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="Selected">How many participants were asked.</param>
/// <param name="Committed">How many have committed an update.</param>
/// <param name="Quorum">How many are needed at the deadline.</param>
/// <param name="Extensions">How often the deadline was put off.</param>
/// <param name="Trouble">Why the site cannot go on with it and tries again, if that is so.</param>
internal sealed record OpenRound(int Attempt, int Selected, int Committed, int Quorum, int Extensions, string? Trouble = null);

/// <summary>The bytes at a site's gateway since its process started.</summary>
/// <param name="BytesUp">From participants.</param>
/// <param name="BytesDown">To participants.</param>
/// <param name="StartedAt">When the process started.</param>
internal sealed record Traffic(long BytesUp, long BytesDown, DateTimeOffset StartedAt);

/// <summary>The answer to an upload.</summary>
/// <param name="Hash">The name of the content.</param>
internal sealed record StoredContent(string Hash);

/// <summary>An answer that says what is wrong.</summary>
/// <param name="Error">One sentence.</param>
internal sealed record SiteError(string? Error);

/// <summary>How a site writes JSON.</summary>
internal static class SiteJson
{
    /// <summary>Camel case, identifiers and enumerations as texts.</summary>
    public static JsonSerializerOptions Options { get; } = new(StateJson.Options)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <summary>What this program reads of an invitation.</summary>
/// <param name="Code">The code.</param>
internal sealed record InvitationCodeAnswer(string Code);
