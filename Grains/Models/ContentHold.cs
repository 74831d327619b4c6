using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Grains.Models;

/// <summary>
/// Keeps all content of a version from a collector that does not know of the version: taken after the version's record is written, it makes
/// every deletion fail that was decided on before, and says what was deleted already.
/// </summary>
internal sealed class ContentHold(ContentStore content, ManifestStore manifests)
{
    private const int AtOnce = 8;

    /// <summary>Touches the manifest, the shards, the task and the TorchScript file. Returns one that is missing; null if none is.</summary>
    public async Task<ContentHash?> Take(VersionRecord record)
    {
        if (!await content.Touch(record.Manifest))
        {
            return record.Manifest;
        }

        var manifest = await manifests.Read(record.Manifest);
        var parts = VersionContent.NamedBy(record).Concat(VersionContent.NamedBy(manifest)).Distinct().Where(hash => hash != record.Manifest);
        foreach (var some in parts.Chunk(AtOnce))
        {
            var isThere = await Task.WhenAll(some.Select(hash => content.Touch(hash).AsTask()));
            if (Array.IndexOf(isThere, false) is >= 0 and var index)
            {
                return some[index];
            }
        }

        return null;
    }
}
