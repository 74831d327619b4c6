using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;

namespace OrleansEdge.Grains.Participants;

/// <summary>How the site's own grains speak to a participant: by what they leave for it to fetch.</summary>
[Alias("oe.IParticipantInbox"), CallableBy(Callers.Site)]
internal interface IParticipantInbox : IGrainWithStringKey
{
    /// <summary>Leaves an instruction; replaces the one of the same job, if any.</summary>
    [Alias("Offer")]
    Task Offer(Instruction instruction);

    /// <summary>Leaves an instruction again if this grain has lost the memory of it; otherwise changes nothing.</summary>
    [Alias("Ensure")]
    Task Ensure(Instruction instruction);

    /// <summary>Takes an instruction back; a participant that works on it is told to stop.</summary>
    [Alias("Withdraw")]
    Task Withdraw(InstructionId instruction);

    /// <summary>Says that a round is over: the outbox entry may go, its instruction is void.</summary>
    [Alias("Settle")]
    Task Settle(RoundKey round);

    /// <summary>
    /// Looks whether an installation may speak for this id where there are no certificates: the first key seen owns the id.
    /// </summary>
    /// <param name="instanceKeyHash">The SHA-256 of its instance key, in hexadecimal.</param>
    /// <returns>One sentence that says why not; null if it may.</returns>
    [Alias("Admit")]
    Task<string?> Admit(string instanceKeyHash);

    /// <summary>What the site knows of the participant; null if it never registered.</summary>
    [Alias("GetStatus")]
    ValueTask<ParticipantStatus?> GetStatus();
}

/// <summary>The index of participants that are alive; the key is the site's name.</summary>
[Alias("oe.IFleetGrain"), CallableBy(Callers.Site)]
internal interface IFleetGrain : IGrainWithStringKey
{
    /// <summary>Says that a participant is alive.</summary>
    [Alias("Announce")]
    Task Announce(FleetEntry entry);

    /// <summary>
    /// Whether there is a place for a participant: always for one that is alive. The place is kept for it for as long as one is alive without a heartbeat.
    /// </summary>
    [Alias("Admit")]
    ValueTask<bool> Admit(ParticipantId participant);

    /// <summary>Whether there is no place for one more.</summary>
    [Alias("IsFull")]
    ValueTask<bool> IsFull();

    /// <summary>The live participants that offer <paramref name="data"/>, in the order of their ids.</summary>
    [Alias("GetCandidates")]
    ValueTask<FleetCandidates> GetCandidates(DataName data);

    /// <summary>All participants seen since the silo started, in the order of their ids.</summary>
    [Alias("List")]
    ValueTask<ImmutableArray<FleetEntry>> List();
}

/// <summary>Who could be asked now.</summary>
/// <param name="Participants">In the order of their ids.</param>
/// <param name="Age">Since when the fleet listens: a young one has not heard from everyone yet.</param>
[GenerateSerializer, Immutable, Alias("oe.FleetCandidates")]
internal sealed record FleetCandidates([property: Id(0)] ImmutableArray<ParticipantId> Participants, [property: Id(1)] TimeSpan Age);

/// <summary>One participant in the fleet's index.</summary>
/// <param name="Participant">Who.</param>
/// <param name="Data">What it offers.</param>
/// <param name="LastSeen">Its last heartbeat.</param>
/// <param name="RegisteredAt">Since when its process speaks.</param>
/// <param name="Activity">What it was doing at its last announcement.</param>
/// <param name="Alive">Whether the last heartbeat is recent; set in answers.</param>
[GenerateSerializer, Immutable, Alias("oe.FleetEntry")]
public sealed record FleetEntry(
    [property: Id(0)] ParticipantId Participant,
    [property: Id(1)] ImmutableArray<DataName> Data,
    [property: Id(2)] DateTimeOffset LastSeen,
    [property: Id(3)] DateTimeOffset RegisteredAt,
    [property: Id(4)] ParticipantActivity Activity,
    [property: Id(5)] bool Alive = true)
{
    /// <summary>What it says of itself where it is a site; null for a device.</summary>
    [Id(6)] public SiteReport? Site { get; init; }
}

/// <summary>What a site knows of one participant.</summary>
[GenerateSerializer, Immutable, Alias("oe.ParticipantStatus")]
public sealed record ParticipantStatus(
    [property: Id(0)] FleetEntry Entry,
    [property: Id(1)] ParticipantProfile? Profile,
    [property: Id(2)] ImmutableArray<InstructionId> Pending);
