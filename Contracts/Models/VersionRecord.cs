using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Models;

/// <summary>One published version and its lineage. Immutable.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.VersionRecord)]
public sealed record VersionRecord
{
    /// <summary>The version's name and number.</summary>
    [Id(0)] public required ModelVersionId Id { get; init; }

    /// <summary>The hash of its manifest, which names its weights.</summary>
    [Id(1)] public required ContentHash Manifest { get; init; }

    /// <summary>The version that it was trained from; for an imported one, the version whose network it takes; null for a first one.</summary>
    [Id(2)] public ModelVersionId? Parent { get; init; }

    /// <summary>The job that made it; null for an imported one.</summary>
    [Id(3)] public JobId? Job { get; init; }

    /// <summary>The round of that job.</summary>
    [Id(4)] public int Round { get; init; }

    /// <summary>The attempt at which the round was published.</summary>
    [Id(5)] public int Attempt { get; init; }

    /// <summary>The strategy's name.</summary>
    [Id(6)] public string? Strategy { get; init; }

    /// <summary>Whose updates it is made of, in the order of ids.</summary>
    [Id(7)] public ImmutableArray<ParticipantId> Contributors { get; init; } = [];

    /// <summary>The number of examples behind those updates.</summary>
    [Id(8)] public long Examples { get; init; }

    /// <summary>The mean training loss over those examples, before each step of the last local epoch.</summary>
    [Id(9)] public double TrainingLoss { get; init; }

    /// <summary>The network.</summary>
    [Id(10)] public required ModelSource Source { get; init; }

    /// <summary>The hash of the <see cref="Data.TaskDescription"/> that the network was made for, as JSON.</summary>
    [Id(11)] public required ContentHash Task { get; init; }
}
