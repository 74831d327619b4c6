using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;

namespace OrleansEdge.Grains.Participants;

/// <summary>What a site keeps of a participant. When it was last seen is in memory only.</summary>
[GenerateSerializer, Alias("oe.state.Participant")]
internal sealed record ParticipantState
{
    /// <summary>The SHA-256 of the instance key that owns the id, in hexadecimal; null before the first registration.</summary>
    [Id(0)] public string? InstanceKeyHash { get; set; }

    /// <summary>The process that speaks for the participant.</summary>
    [Id(1)] public Guid Process { get; set; }

    /// <summary>What the machine can do.</summary>
    [Id(2)] public ParticipantProfile? Profile { get; set; }

    /// <summary>The names under which it offers data.</summary>
    [Id(3)] public ImmutableArray<DataName> Data { get; set; } = [];

    /// <summary>When this process registered.</summary>
    [Id(4)] public DateTimeOffset RegisteredAt { get; set; }

    /// <summary>The version of the contract that it speaks; 0 in a state that was written before this was kept.</summary>
    [Id(5)] public int ContractVersion { get; set; }
}
