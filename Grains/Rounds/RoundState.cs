using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Rounds;

/// <summary>The phases of a round.</summary>
public enum RoundPhase
{
    /// <summary>Not opened, or over.</summary>
    None = 0,

    /// <summary>Participants train and send.</summary>
    Collecting = 1,

    /// <summary>The list of contributors is written; the shards fold exactly that list.</summary>
    Closing = 2,
}

/// <summary>What a round must not forget. Commits are not here: the participants' outboxes are their log.</summary>
[GenerateSerializer, Alias("oe.state.Round")]
internal sealed record RoundState
{
    /// <summary>The phase.</summary>
    [Id(0)] public RoundPhase Phase { get; set; }

    /// <summary>From 1; goes up when a contributor of a closing round is given up.</summary>
    [Id(1)] public int Attempt { get; set; } = 1;

    /// <summary>Who was asked, in the order of ids.</summary>
    [Id(2)] public ImmutableArray<ParticipantId> Selected { get; set; } = [];

    /// <summary>How many updates close the round at once.</summary>
    [Id(3)] public int Goal { get; set; }

    /// <summary>Whose updates make the version, in the order of ids; empty while collecting.</summary>
    [Id(4)] public ImmutableArray<ParticipantId> Contributors { get; set; } = [];

    /// <summary>When the round was opened.</summary>
    [Id(5)] public DateTimeOffset OpenedAt { get; set; }

    /// <summary>The context of the span "round opened" (W3C <c>traceparent</c>); null when nobody listened.</summary>
    [Id(6)] public string? TraceParent { get; set; }
}
