using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Training;

namespace OrleansEdge.Grains.Jobs;

/// <summary>What a job may forget in a restart.</summary>
internal sealed class JobMemory
{
    /// <summary>Participants that said why they cannot make version 0.</summary>
    public SortedDictionary<ParticipantId, string> CannotInitialise { get; } = [];

    /// <summary>Participants that will not contribute to a round from the present version, because they have done so elsewhere.</summary>
    public ImmutableArray<ParticipantId> Withdrawn { get; set; } = [];

    /// <summary>When the last of them said so.</summary>
    public DateTimeOffset WithdrawnAt { get; set; }

    /// <summary>How many participants were there at the last selection; null if there was none in this activation's life.</summary>
    public int? Present { get; set; }

    /// <summary>The answer to what the parent's <em>describe</em> asks.</summary>
    public DataSummary? Summary { get; set; }

    /// <summary>The answer to what the parent's <em>evaluate</em> asks.</summary>
    public EvaluationSums? Evaluation { get; set; }
}
