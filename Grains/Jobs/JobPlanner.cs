using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Rounds;

namespace OrleansEdge.Grains.Jobs;

/// <summary>What participants are told, as a function of a job's definition and its persisted state: the same after every restart.</summary>
internal static class JobPlanner
{
    /// <summary>The strategy of round 0, whose one update is the first version itself.</summary>
    private const string InitialStrategy = "fedavg";

    /// <summary>The network, as participants take it.</summary>
    public static ModelSource SourceOf(JobDefinition definition, ContentHash? torchScript, ModelSignature? signature) =>
        new(definition.Network!.Text, torchScript) { Signature = signature };

    /// <summary>Asks for a summary of the data.</summary>
    public static DescribeInstruction Describe(JobDefinition definition) => new()
    {
        Id = new(new(definition.Job, 0), InstructionKind.Describe),
        Data = definition.Data,
        HeldOutShare = definition.Training.HeldOutShare,
        Tiers = Tiers(definition),
    };

    /// <summary>Round 0: one participant makes version 0.</summary>
    public static RoundPlan Initialise(JobDefinition definition, ModelSource source, ContentHash task) => new()
    {
        Instruction = new InitialiseInstruction
        {
            Id = new(new(definition.Job, 0), InstructionKind.Initialise),
            Source = source,
            Task = task,
            Seed = DerivedSeed.Of(definition.Seed, "weights"),
            Tiers = Tiers(definition),
        },
        Strategy = new(InitialStrategy, ImmutableSortedDictionary<string, double>.Empty),
        Model = definition.Model,
        Quorum = 1,
        Deadline = definition.Deadline,
        OnMissedQuorum = MissedQuorum.Skip,
        Seed = definition.Seed,
        Source = source,
        Task = task,
    };

    /// <summary>A round of training.</summary>
    public static RoundPlan Train(
        JobDefinition definition, int round, BaseVersion head, ImmutableArray<ContentHash> earlier, ModelSource source, ContentHash task) => new()
        {
            Instruction = new TrainInstruction
            {
                Id = new(new(definition.Job, round), InstructionKind.Train),
                Source = source,
                Task = task,
                Data = definition.Data,
                Base = head.Manifest,
                Options = definition.Training,
                Earlier = earlier,
                Tiers = Tiers(definition),
            },
            Strategy = definition.Strategy,
            Model = definition.Model,
            Base = head,
            Earlier = earlier,
            Staleness = definition.Staleness,
            Quorum = definition.Quorum,
            Deadline = definition.Deadline,
            OnMissedQuorum = definition.OnMissedQuorum,
            Seed = definition.Seed,
            Source = source,
            Task = task,
        };

    /// <summary>Asks for a measurement of a version.</summary>
    public static EvaluateInstruction Evaluate(JobDefinition definition, int round, BaseVersion head, ModelSource source, ContentHash task, string? trace) => new()
    {
        Id = new(new(definition.Job, round), InstructionKind.Evaluate),
        TraceParent = trace,
        Source = source,
        Task = task,
        Data = definition.Data,
        Version = head.Manifest,
        Scope = definition.Evaluation.Mode == EvaluationMode.Central ? EvaluationScope.Test : EvaluationScope.HeldOut,
        HeldOutShare = definition.Training.HeldOutShare,
        Tiers = Tiers(definition),
    };

    /// <summary>The earlier versions, the newest first, when <paramref name="head"/> is no longer the newest.</summary>
    public static ImmutableArray<ContentHash> Earlier(JobDefinition definition, BaseVersion? head, ImmutableArray<ContentHash> earlier) =>
        head is null || definition.Staleness.Maximum == 0 ? [] : [.. earlier.Prepend(head.Manifest).Distinct().Take(definition.Staleness.Maximum)];

    private static string? Tiers(JobDefinition definition) => definition.Tier is null ? null : JobFile.Write(definition);
}
