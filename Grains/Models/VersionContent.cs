using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Grains.Models;

/// <summary>What content a version consists of.</summary>
internal static class VersionContent
{
    /// <summary>What its record names: the manifest, the task, the TorchScript file if there is one.</summary>
    public static IEnumerable<ContentHash> NamedBy(VersionRecord record) => record.Source.TorchScript is { } torchScript
        ? [record.Manifest, record.Task, torchScript]
        : [record.Manifest, record.Task];

    /// <summary>What its manifest names: the shards of all vectors.</summary>
    public static IEnumerable<ContentHash> NamedBy(ModelManifest manifest) => manifest.Vectors.SelectMany(vector => vector.Shards);
}
