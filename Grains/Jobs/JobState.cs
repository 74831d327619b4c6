using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Jobs;

/// <summary>What a job must not forget.</summary>
[GenerateSerializer, Alias("oe.state.Job")]
internal sealed record JobState
{
    /// <summary>The phase.</summary>
    [Id(0)] public JobPhase Phase { get; set; }

    /// <summary>Whether an operator has paused it.</summary>
    [Id(1)] public bool Paused { get; set; }

    /// <summary>The job file, in canonical form.</summary>
    [Id(2)] public string Definition { get; set; } = "";

    /// <summary>The TorchScript file.</summary>
    [Id(3)] public ContentHash? TorchScript { get; set; }

    /// <summary>The site's signature of <see cref="TorchScript"/>; null for a site without certificates.</summary>
    [Id(17)] public ModelSignature? Signature { get; set; }

    /// <summary>The task, as stored content; null before the data are described.</summary>
    [Id(4)] public ContentHash? Task { get; set; }

    /// <summary>The network, as participants take it; null before version 0.</summary>
    [Id(13)] public ModelSource? Source { get; set; }

    /// <summary>The version that the next round starts from.</summary>
    [Id(5)] public BaseVersion? Head { get; set; }

    /// <summary>The current round's number.</summary>
    [Id(6)] public int Round { get; set; }

    /// <summary>What the current round came to, while its version is measured.</summary>
    [Id(7)] public RoundOutcome? Outcome { get; set; }

    /// <summary>The last measurement.</summary>
    [Id(8)] public Evaluation? Evaluation { get; set; }

    /// <summary>What adds up.</summary>
    [Id(9)] public JobTotals Totals { get; set; }

    /// <summary>Why it failed.</summary>
    [Id(10)] public string? Failure { get; set; }

    /// <summary>When it was submitted.</summary>
    [Id(11)] public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it ended.</summary>
    [Id(12)] public DateTimeOffset? EndedAt { get; set; }

    /// <summary>How many participants were there when somebody was last selected: so many are waited for, for a moment, after a restart.</summary>
    [Id(14)] public int Present { get; set; }

    /// <summary>The manifests of the versions before <see cref="Head"/>, the newest first: as many as late updates may be differences to.</summary>
    [Id(15)] public ImmutableArray<ContentHash> Earlier { get; set; } = [];

    /// <summary>What the site's parent wants; null for a job of the site's own.</summary>
    [Id(16)] public Assignment? Assignment { get; set; }
}
