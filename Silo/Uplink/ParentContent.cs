using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.Silo.Uplink;

/// <summary>Brings what an instruction of the parent names into the site's own store, once, however many devices ask for it afterwards.</summary>
/// <param name="parent">Reads from the parent.</param>
/// <param name="content">The site's store.</param>
/// <param name="trust">Whose networks the site passes on.</param>
internal sealed class ParentContent(VersionReader parent, ContentStore content, ModelTrust trust)
{
    /// <summary>Brings what is not there yet.</summary>
    /// <exception cref="Contracts.Content.ContentMissingException">The parent does not hold it.</exception>
    /// <exception cref="UntrustedModelException">The parent has not signed the network.</exception>
    public async Task Fetch(Instruction instruction, CancellationToken cancellation)
    {
        var (task, source, version) = instruction switch
        {
            InitialiseInstruction initialise => (initialise.Task, initialise.Source, default(ContentHash?)),
            TrainInstruction train => (train.Task, train.Source, train.Base),
            EvaluateInstruction evaluate => (evaluate.Task, evaluate.Source, evaluate.Version),
            _ => (default(ContentHash?), default(ModelSource), default(ContentHash?)),
        };
        if (source is not null)
        {
            trust.Require(source);
        }

        foreach (var hash in new[] { task, source?.TorchScript }.OfType<ContentHash>())
        {
            await Fetch(hash, () => parent.ReadContent(hash, cancellation), cancellation);
        }

        if (version is { } manifest)
        {
            await FetchVersion(manifest, cancellation);
        }
    }

    /// <summary>The manifest last: where it is, all of the version is.</summary>
    private async Task FetchVersion(ContentHash hash, CancellationToken cancellation)
    {
        var bytes = await content.Touch(hash, cancellation)
            ? await content.ReadSmall(hash, ManifestStore.LargestManifest, cancellation)
            : await parent.ReadContent(hash, cancellation);
        var manifest = ModelManifest.Parse(bytes);
        foreach (var (shard, range) in manifest.WeightShards.Zip(manifest.Plan.Shards))
        {
            await Fetch(shard, () => parent.ReadContent(shard, range.ByteLength, cancellation), cancellation);
        }

        await content.Put(bytes, cancellation);
    }

    private async Task Fetch(ContentHash hash, Func<Task<byte[]>> read, CancellationToken cancellation)
    {
        if (!await content.Touch(hash, cancellation))
        {
            await content.Put(await read(), cancellation);
        }
    }
}
