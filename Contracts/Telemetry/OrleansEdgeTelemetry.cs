using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrleansEdge.Contracts.Telemetry;

/// <summary>The product's trace source, its meter, and the names of their tags.</summary>
public static class OrleansEdgeTelemetry
{
    /// <summary>The name of the trace source and of the meter.</summary>
    public const string SourceName = "OrleansEdge";

    /// <summary>Tag: the job's id.</summary>
    public const string JobTag = "orleansedge.job";

    /// <summary>Tag: the round's number.</summary>
    public const string RoundTag = "orleansedge.round";

    /// <summary>Tag: the participant's id.</summary>
    public const string ParticipantTag = "orleansedge.participant";

    /// <summary>Tag: how many participants are concerned.</summary>
    public const string ParticipantsTag = "orleansedge.participants";

    /// <summary>Tag: the shard's index.</summary>
    public const string ShardTag = "orleansedge.shard";

    /// <summary>The name of the span that is the parent of everything in a round, and the only one that begins a trace.</summary>
    public const string RoundOpened = "round opened";

    /// <summary>The trace source.</summary>
    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>The meter.</summary>
    public static Meter Meter { get; } = new(SourceName);

    /// <summary>Begins a span of a round; null when nobody listens.</summary>
    /// <param name="name">What is done: <c>download</c>, <c>train</c>, <c>upload</c>, <c>fold</c>, …</param>
    /// <param name="traceParent">The round's persisted context; null begins a trace.</param>
    /// <param name="round">The round.</param>
    /// <param name="startedAt">When it began; default: now.</param>
    public static Activity? Start(string name, string? traceParent, Rounds.RoundKey round, DateTimeOffset startedAt = default)
    {
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent);
        var activity = Source.StartActivity(name, ActivityKind.Internal, parent, startTime: startedAt);
        activity?.SetTag(JobTag, round.Job.Value);
        activity?.SetTag(RoundTag, round.Number);
        return activity;
    }
}
