using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Silo.Web;

/// <summary>What every unsuccessful answer of the API holds.</summary>
/// <param name="Error">One sentence for a person; for a job file, one line for each of its errors.</param>
public sealed record ErrorAnswer(string Error);

/// <summary>Where uploaded content is found again.</summary>
/// <param name="Hash">Its SHA-256.</param>
public sealed record ContentAnswer(ContentHash Hash);

/// <summary>A model in a list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Head">The number of its newest version.</param>
/// <param name="Promoted">The number of the version to use; null before the first promotion.</param>
public sealed record ModelEntry(ModelName Name, int? Head, int? Promoted);

/// <summary>A model and its newest versions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Head">The number of its newest version.</param>
/// <param name="Promoted">The number of the version to use; null before the first promotion.</param>
/// <param name="Versions">The newest first.</param>
public sealed record ModelAnswer(ModelName Name, int? Head, int? Promoted, ImmutableArray<VersionAnswer> Versions);

/// <summary>A <see cref="VersionRecord"/>, and how good the version is.</summary>
public sealed record VersionAnswer
{
    /// <inheritdoc cref="VersionRecord.Id"/>
    public required ModelVersionId Id { get; init; }

    /// <inheritdoc cref="VersionRecord.Manifest"/>
    public required ContentHash Manifest { get; init; }

    /// <inheritdoc cref="VersionRecord.Parent"/>
    public ModelVersionId? Parent { get; init; }

    /// <inheritdoc cref="VersionRecord.Job"/>
    public JobId? Job { get; init; }

    /// <inheritdoc cref="VersionRecord.Round"/>
    public int Round { get; init; }

    /// <inheritdoc cref="VersionRecord.Attempt"/>
    public int Attempt { get; init; }

    /// <inheritdoc cref="VersionRecord.Strategy"/>
    public string? Strategy { get; init; }

    /// <inheritdoc cref="VersionRecord.Contributors"/>
    public ImmutableArray<ParticipantId> Contributors { get; init; } = [];

    /// <inheritdoc cref="VersionRecord.Examples"/>
    public long Examples { get; init; }

    /// <inheritdoc cref="VersionRecord.TrainingLoss"/>
    public double TrainingLoss { get; init; }

    /// <inheritdoc cref="VersionRecord.Source"/>
    public required ModelSource Source { get; init; }

    /// <inheritdoc cref="VersionRecord.Task"/>
    public required ContentHash Task { get; init; }

    /// <summary>How good it is; null where its round was not measured, or is still being measured.</summary>
    public Evaluation? Evaluation { get; init; }

    /// <summary>Puts both together.</summary>
    public static VersionAnswer Of(VersionRecord record, Evaluation? evaluation)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new()
        {
            Id = record.Id,
            Manifest = record.Manifest,
            Parent = record.Parent,
            Job = record.Job,
            Round = record.Round,
            Attempt = record.Attempt,
            Strategy = record.Strategy,
            Contributors = record.Contributors,
            Examples = record.Examples,
            TrainingLoss = record.TrainingLoss,
            // The signature is for participants, and longer than all else.
            Source = record.Source with { Signature = null },
            Task = record.Task,
            Evaluation = evaluation,
        };
    }
}
