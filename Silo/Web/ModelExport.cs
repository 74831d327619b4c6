using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Models.Safetensors;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Silo.Web;

/// <summary>A version on its way out as safetensors. No more than a block of it is in memory.</summary>
internal sealed class ModelExport
{
    private readonly ModelManifest _manifest;
    private readonly ContentStore _content;
    private readonly Dictionary<string, string> _metadata;

    private ModelExport(VersionRecord record, ModelManifest manifest, ContentStore content)
    {
        _manifest = manifest;
        _content = content;
        _metadata = new()
        {
            // PyTorch's own tools look for this one.
            ["format"] = "pt",
            ["orleansedge.version"] = record.Id.ToString(),
            ["orleansedge.manifest"] = record.Manifest.Hex,
            ["orleansedge.architecture"] = record.Source.Architecture,
        };
        Length = SafetensorsWriter.Header(manifest.Layout, _metadata).Length
            + manifest.Layout.IntegerCount * sizeof(long) + manifest.Layout.WeightCount * sizeof(float);
    }

    /// <summary>The length of the file, in bytes.</summary>
    public long Length { get; }

    /// <summary>Reads the manifest and checks every shard against its hash, so that damage is found before the first byte is sent.</summary>
    /// <exception cref="DamagedContentException">Something is missing or damaged; the message names it.</exception>
    public static async Task<ModelExport> Prepare(
        VersionRecord record, ManifestStore manifests, ContentStore content, ContentHold hold, CancellationToken cancellation)
    {
        // A version that is pruned while it goes out stays whole for as long as the grace of its content; what is missing is found below.
        await hold.Take(record);
        var manifest = await manifests.Read(record.Manifest);
        foreach (var shard in manifest.WeightShards.Distinct())
        {
            await content.Verify(shard, cancellation);
        }

        return new(record, manifest, content);
    }

    /// <summary>Writes the file. Each shard is checked again as it passes.</summary>
    /// <exception cref="DamagedContentException">A shard was damaged since it was checked; what was written is of no use.</exception>
    public async Task Write(Stream output, CancellationToken cancellation)
    {
        using var weights = new ShardStream(_manifest.WeightShards, _content);
        await SafetensorsWriter.Write(output, _manifest.Layout, _metadata, weights, _manifest.Integers, cancellation);
    }
}
