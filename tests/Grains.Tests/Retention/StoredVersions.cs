using System.Runtime.InteropServices;
using System.Text;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Grains.Tests.Retention;

/// <summary>Small versions whose content is stored.</summary>
internal static class StoredVersions
{
    /// <summary>Stores a task, one shard of weights and a manifest, and makes the draft of a record.</summary>
    public static async Task<VersionRecord> Draft(ContentStore content, string model, float weight, string? job = null, int round = 0)
    {
        var layout = new ModelLayout([new("bias", TensorType.Float32, [1])]);
        var task = await content.Put(Encoding.UTF8.GetBytes("{}"));
        var shard = await content.Put(MemoryMarshal.AsBytes<float>(new[] { weight }).ToArray());
        var manifest = ModelManifest.OfWeights(layout, new ShardPlan(1), [shard], default);
        return new()
        {
            Id = new(ModelName.Parse(model), 0),
            Manifest = await content.Put(manifest.ToBytes()),
            Job = job is null ? null : JobId.Parse(job),
            Round = round,
            Strategy = "fedavg",
            Examples = 1,
            Source = new("logistic", null),
            Task = task,
        };
    }

    /// <summary>Everything that a record leads to.</summary>
    public static async Task<IReadOnlyList<ContentHash>> ContentOf(ContentStore content, VersionRecord record) =>
        [record.Task, record.Manifest, .. ModelManifest.Parse(await content.Read(record.Manifest)).WeightShards];
}
