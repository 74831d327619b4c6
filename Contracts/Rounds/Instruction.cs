using System.Collections.Immutable;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Training;

namespace OrleansEdge.Contracts.Rounds;

/// <summary>The kinds of instruction.</summary>
public enum InstructionKind
{
    /// <summary>There is nothing to do: ask again.</summary>
    Wait = 0,

    /// <summary>Summarise the local data.</summary>
    Describe = 1,

    /// <summary>Make version 0 of the model.</summary>
    Initialise = 2,

    /// <summary>Train on the local data.</summary>
    Train = 3,

    /// <summary>Measure a version on local data.</summary>
    Evaluate = 4,

    /// <summary>The job is over: stop working on it and forget it.</summary>
    Stop = 5,
}

/// <summary>Names an instruction; giving it twice is giving it once.</summary>
/// <param name="Round">The round that it belongs to.</param>
/// <param name="Kind">What is to be done.</param>
[GenerateSerializer, Immutable, Alias(Aliases.InstructionId)]
public readonly record struct InstructionId([property: Id(0)] RoundKey Round, [property: Id(1)] InstructionKind Kind)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Round}";
}

/// <summary>What a participant is told to do. Everything that computes is an instruction; a site answers one by its own participants.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.Instruction)]
public abstract record Instruction
{
    /// <summary>Names the instruction.</summary>
    [Id(0)] public required InstructionId Id { get; init; }

    /// <summary>The round's trace context (W3C <c>traceparent</c>), so that the participant's spans join the round's trace; may be null.</summary>
    [Id(1)] public string? TraceParent { get; init; }

    /// <summary>Grows with each offer of the same instruction; a participant that is asked again delivers again from its outbox.</summary>
    [Id(2)] public long Offer { get; init; }

    /// <summary>
    /// The job file, in canonical form, where it says how the tiers below run the job; null where it does not. Devices pass over it; a site
    /// runs the job by it among its own participants.
    /// </summary>
    [Id(3)] public string? Tiers { get; init; }
}

/// <summary>There is nothing to do.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.WaitInstruction)]
public sealed record WaitInstruction : Instruction;

/// <summary>The job is over.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.StopInstruction)]
public sealed record StopInstruction : Instruction;

/// <summary>Summarise the local data: counts, sums, sums of squares.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.DescribeInstruction)]
public sealed record DescribeInstruction : Instruction
{
    /// <summary>The data to summarise.</summary>
    [Id(0)] public required DataName Data { get; init; }

    /// <summary>The share that is held out of training, 0 to below 1.</summary>
    [Id(1)] public double HeldOutShare { get; init; }
}

/// <summary>Make the first weights from the seed, or take them from the TorchScript file, and contribute them to round 0.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.InitialiseInstruction)]
public sealed record InitialiseInstruction : Instruction
{
    /// <summary>The network.</summary>
    [Id(0)] public required ModelSource Source { get; init; }

    /// <summary>The hash of the job's <see cref="TaskDescription"/>, as JSON.</summary>
    [Id(1)] public required ContentHash Task { get; init; }

    /// <summary>Seeds the weights.</summary>
    [Id(2)] public ulong Seed { get; init; }
}

/// <summary>Train from a version on the local data and contribute the difference.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.TrainInstruction)]
public sealed record TrainInstruction : Instruction
{
    /// <summary>The network.</summary>
    [Id(0)] public required ModelSource Source { get; init; }

    /// <summary>The hash of the job's <see cref="TaskDescription"/>, as JSON.</summary>
    [Id(1)] public required ContentHash Task { get; init; }

    /// <summary>The data to train on.</summary>
    [Id(2)] public required DataName Data { get; init; }

    /// <summary>The hash of the manifest of the version to start from.</summary>
    [Id(3)] public required ContentHash Base { get; init; }

    /// <summary>Epochs, batch size, optimiser.</summary>
    [Id(4)] public required TrainingOptions Options { get; init; }

    /// <summary>Seeds the order of the examples; differs by round and participant.</summary>
    [Id(5)] public ulong Seed { get; init; }

    /// <summary>
    /// The manifests of earlier versions, the newest first, to which a difference is still taken in place of one to <see cref="Base"/>; it
    /// counts less, the older its base is.
    /// </summary>
    [Id(6)] public ImmutableArray<ContentHash> Earlier { get; init; } = [];
}

/// <summary>Which part of the local data is measured.</summary>
public enum EvaluationScope
{
    /// <summary>The part held out of training, on each participant.</summary>
    HeldOut = 0,

    /// <summary>The data's own test set, on one participant.</summary>
    Test = 1,
}

/// <summary>Measure a version on local data.</summary>
[GenerateSerializer, Immutable, Alias(Aliases.EvaluateInstruction)]
public sealed record EvaluateInstruction : Instruction
{
    /// <summary>The network.</summary>
    [Id(0)] public required ModelSource Source { get; init; }

    /// <summary>The hash of the job's <see cref="TaskDescription"/>, as JSON.</summary>
    [Id(1)] public required ContentHash Task { get; init; }

    /// <summary>The data to measure on.</summary>
    [Id(2)] public required DataName Data { get; init; }

    /// <summary>The hash of the manifest of the version to measure.</summary>
    [Id(3)] public required ContentHash Version { get; init; }

    /// <summary>Which part.</summary>
    [Id(4)] public EvaluationScope Scope { get; init; }

    /// <summary>The share that is held out of training, 0 to below 1.</summary>
    [Id(5)] public double HeldOutShare { get; init; }
}
