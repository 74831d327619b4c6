using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;

namespace OrleansEdge.Contracts.Participants;

/// <summary>What a participant's machine can do.</summary>
/// <param name="Cores">Logical processors that it may use.</param>
/// <param name="MemoryBytes">Memory that it may use, in bytes.</param>
/// <param name="OperatingSystem">For people.</param>
/// <param name="TrainingSpeed">Measured at start: examples a second of the network <c>2nn</c>, in batches of 32, on one thread.</param>
/// <param name="RoundTripMilliseconds">Measured at start: the time of one small call to the site.</param>
[GenerateSerializer, Immutable, Alias(Aliases.ParticipantProfile)]
public sealed record ParticipantProfile(
    [property: Id(0)] int Cores,
    [property: Id(1)] long MemoryBytes,
    [property: Id(2)] string OperatingSystem,
    [property: Id(3)] double TrainingSpeed,
    [property: Id(4)] double RoundTripMilliseconds);

/// <summary>How a participant introduces itself.</summary>
/// <param name="InstanceKey">
/// 64 hexadecimal digits that the participant's folder holds. The first key seen owns the id; another key is refused.
/// </param>
/// <param name="Process">A number drawn by each process; a new process with the same key takes over at once.</param>
/// <param name="ContractVersion">The version of the contract that the participant speaks.</param>
/// <param name="Profile">What the machine can do.</param>
/// <param name="Data">The names under which it offers data.</param>
[GenerateSerializer, Immutable, Alias(Aliases.Registration)]
public sealed record Registration(
    [property: Id(0)] string InstanceKey,
    [property: Id(1)] Guid Process,
    [property: Id(2)] int ContractVersion,
    [property: Id(3)] ParticipantProfile Profile,
    [property: Id(4)] ImmutableArray<DataName> Data)
{
    /// <summary>Without the key: Orleans writes a message that fails into the log, arguments and all.</summary>
    public override string ToString() => $"{nameof(Registration)} {{ Process = {Process} }}";
}

/// <summary>The answer to a registration.</summary>
/// <param name="Refusal">One sentence that says why, or null when accepted.</param>
[GenerateSerializer, Immutable, Alias(Aliases.RegistrationReply)]
public sealed record RegistrationReply([property: Id(0)] string? Refusal);

/// <summary>What a participant is doing.</summary>
/// <param name="Instruction">The instruction that it is working on; null when idle.</param>
/// <param name="Progress">The share of that instruction that is done, 0 to 1.</param>
[GenerateSerializer, Immutable, Alias(Aliases.ParticipantActivity)]
public sealed record ParticipantActivity([property: Id(0)] InstructionId? Instruction, [property: Id(1)] double Progress);

/// <summary>What a participant says on each heartbeat.</summary>
/// <param name="Process">The process that speaks.</param>
/// <param name="Activity">What it is doing.</param>
/// <param name="Finished">Instructions finished (done, declined or given up) since the last answered heartbeat.</param>
/// <param name="Outbox">The rounds whose updates it keeps until they are published; each once.</param>
/// <param name="Wait">Whether the answer may be held back until there is an instruction (about 5 s).</param>
[GenerateSerializer, Immutable, Alias(Aliases.SyncReport)]
public sealed record SyncReport(
    [property: Id(0)] Guid Process,
    [property: Id(1)] ParticipantActivity Activity,
    [property: Id(2)] ImmutableArray<FinishedInstruction> Finished,
    [property: Id(3)] ImmutableArray<RoundKey> Outbox,
    [property: Id(4)] bool Wait)
{
    /// <summary>What a site says of itself and of the sites below it; null for a device.</summary>
    [Id(5)] public SiteReport? Site { get; init; }
}

/// <summary>An instruction that a participant is done with.</summary>
/// <param name="Id">Which.</param>
/// <param name="Offer">Its <see cref="Instruction.Offer"/>: a later offer of the same instruction is not finished by this.</param>
[GenerateSerializer, Immutable, Alias(Aliases.FinishedInstruction)]
public readonly record struct FinishedInstruction([property: Id(0)] InstructionId Id, [property: Id(1)] long Offer);

/// <summary>What the site makes of a heartbeat.</summary>
public enum SyncStanding
{
    /// <summary>All is well.</summary>
    Current = 0,

    /// <summary>The site does not know this process: register, then ask again.</summary>
    Unregistered = 1,

    /// <summary>Another process with the same key has taken over: this one ends.</summary>
    Superseded = 2,
}

/// <summary>The answer to a heartbeat.</summary>
/// <param name="Standing">Whether the process may go on.</param>
/// <param name="Instruction">What to do next; <see cref="WaitInstruction"/> when there is nothing.</param>
/// <param name="Settled">Rounds that are over: their outbox entries may be thrown away.</param>
[GenerateSerializer, Immutable, Alias(Aliases.SyncReply)]
public sealed record SyncReply(
    [property: Id(0)] SyncStanding Standing,
    [property: Id(1)] Instruction Instruction,
    [property: Id(2)] ImmutableArray<RoundKey> Settled)
{
    /// <summary>Jobs of the participant's <see cref="SiteReport"/> that are over, or that the coordinator does not know.</summary>
    [Id(3)]
    public ImmutableArray<JobId> Ended
    {
        // A coordinator of an earlier release says nothing of it.
        get => field.IsDefault ? [] : field;
        init;
    } = [];
}
