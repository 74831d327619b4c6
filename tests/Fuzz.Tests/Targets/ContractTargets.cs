using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Faults.Network;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>What both sides read.</summary>
internal static class ContractTargets
{
    public static IEnumerable<FuzzTarget> All => [.. Identifiers, .. Faults, Manifest, Task, Frames];

    private static IEnumerable<FuzzTarget> Identifiers =>
    [
        Declared.OfIdentifier("job id", JobId.Parse, "digits", "a-1"),
        Declared.OfIdentifier("participant id", ParticipantId.Parse, "dev7", "harbour/dev7", "a/b/c/d"),
        Declared.OfIdentifier("model name", ModelName.Parse, "digits"),
        Declared.OfIdentifier("site name", SiteName.Parse, "harbour"),
        Declared.OfIdentifier("data name", DataName.Parse, "turbines"),
        Declared.OfIdentifier("content hash", ContentHash.Parse, ContentHash.Of([]).Hex, ContentHash.Of([1]).Hex),

        // Numbers may be written with zeros in front.
        Declared.OfText<FormatException>("model version", typeof(ModelVersionId), text => Same(ModelVersionId.Parse(text), ModelVersionId.Parse), "digits@3", "a@0"),
        Declared.OfText<FormatException>("round", typeof(RoundKey), text => Same(RoundKey.Parse(text), RoundKey.Parse), "digits:3"),
        Declared.OfText<FormatException>("shard", typeof(ShardKey), text => Same(ShardKey.Parse(text), ShardKey.Parse), "digits:3:17"),
    ];

    private static IEnumerable<FuzzTarget> Faults =>
    [
        Declared.OfText<FormatException>("network faults", typeof(NetworkFaults), text => NetworkFaults.Parse(text).ToString(),
            "drop:0.02 delay:200ms~50ms bandwidth:1mbit partition:20s@3 seed:7", "delay:1.5s", "bandwidth:0.5gbit"),
        Declared.OfText<FormatException>("fault plan", typeof(FaultPlan), text => SamePlan(FaultPlan.Parse(text)),
            "kill silo@2:collecting, freeze agent@3", "isolate silo.shard@1:folding", "kill azurite@1,kill redis@2"),
        Declared.OfText<FormatException>("fault", typeof(PlannedFault), text => Same(PlannedFault.Parse(text), PlannedFault.Parse), "kill silo@3:closing", "freeze agent@0"),
    ];

    private static FuzzTarget Manifest => new(
        "model manifest", typeof(ModelManifest),
        input => PropertyException.Require(ModelManifest.Parse(input).ToBytes().AsSpan().SequenceEqual(input.Span), "a manifest is written otherwise than it was read"),
        Declared.Only<ModelManifestException>(),
        [Repository.Stored("ModelManifest"), SmallManifest()]);

    private static FuzzTarget Task => new(
        "task description", typeof(TaskJson),
        input =>
        {
            var task = TaskJson.Parse(input.Span);
            PropertyException.Require(
                !task.InputShape.IsDefault && !task.Labels.IsDefault && !task.Features.IsDefault && task.Outputs >= 0
                    && task.Standardisation is not ({ Means.IsDefault: true } or { Deviations.IsDefault: true }),
                "a task with a list that is missing is accepted");
        },
        Declared.Only<JsonException>(),
        [
            Repository.Stored("TaskDescription"),
            JsonSerializer.SerializeToUtf8Bytes(new TaskDescription(TaskKind.Classification, [1, 28, 28], ["0", "1"], [], null), TaskJson.Options),
        ]);

    /// <summary>However the bytes are cut, as many messages are found in them.</summary>
    private static FuzzTarget Frames => new(
        "message frames", typeof(MessageFrames),
        input =>
        {
            var (whole, cut) = (new MessageFrames(), new MessageFrames());
            var counted = whole.Count(input.Span);
            var part = input.Length / 3;
            var counts = cut.Count(input.Span[..part]) + cut.Count(input.Span[part..]);
            PropertyException.Require(whole.IsAtBoundary == cut.IsAtBoundary, "where a message ends depends on how the bytes are cut");
            PropertyException.Require(!whole.IsAtBoundary || counted == counts, "the number of messages depends on how the bytes are cut");
        },
        _ => false,
        [[2, 0, 0, 0, 1, 2, 1, 0, 0, 0, 2, 0, 0, 0, 9, 8, 7, 1, 0, 0, 0, 0, 0, 0, 0, 5]])
    {
        AcceptsAll = true,
    };

    private static void Same<T>(T value, Func<string, T> parse)
        where T : notnull
    {
        var written = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        PropertyException.Require(parse(written).Equals(value), $"'{written}' is read as something else than it was");
    }

    private static void SamePlan(FaultPlan plan) =>
        PropertyException.Require(FaultPlan.Parse(plan.ToString()).Faults.SequenceEqual(plan.Faults), $"'{plan}' is read as another plan");

    private static byte[] SmallManifest() => ModelManifest.OfWeights(
        new([new("w", TensorType.Float32, [3, 2]), new("n", TensorType.Int64, [])]), new(6, 4), [ContentHash.Of([1]), ContentHash.Of([2])],
        Encoding.ASCII.GetBytes("12345678")).ToBytes();
}
