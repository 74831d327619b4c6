using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Grains.Models;

/// <summary>Reads manifests; keeps the last one, which is the one that all commits of a round ask for.</summary>
internal sealed class ManifestStore(ContentStore content)
{
    /// <summary>The largest manifest, in bytes: 64 MiB, for some hundred thousand tensors and as many shards.</summary>
    internal const long LargestManifest = 64 << 20;

    private Entry? _last;

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="DamagedContentException">It is missing or damaged.</exception>
    public async ValueTask<ModelManifest> Read(ContentHash hash)
    {
        if (_last is { } last && last.Hash == hash)
        {
            return last.Manifest;
        }

        var manifest = ModelManifest.Parse(await content.ReadSmall(hash, LargestManifest));
        _last = new(hash, manifest);
        return manifest;
    }

    private sealed record Entry(ContentHash Hash, ModelManifest Manifest);
}
