using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Models.Safetensors;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Silo.Web;

/// <summary>Takes a safetensors file as the weights of an existing network.</summary>
internal sealed class ModelImport(ManifestStore manifests, ContentStore content)
{
    /// <summary>
    /// Stores the file's weights as shards and a manifest. The file lies in a temporary file meanwhile, because its tensors may come in any
    /// order; no more than a block of it is in memory.
    /// </summary>
    /// <returns>The manifest's hash.</returns>
    /// <exception cref="ApiException">The file is not the weights of this network.</exception>
    public async Task<ContentHash> Store(HttpContext context, VersionRecord parent, CancellationToken cancellation)
    {
        var like = await manifests.Read(parent.Manifest);
        var limit = SafetensorsFormat.PrefixLength + SafetensorsFormat.MaximumHeaderLength
            + like.Layout.WeightCount * sizeof(float) + like.Layout.IntegerCount * sizeof(long);
        var spool = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await using (spool)
        {
            await RequestBody.Copy(context, $"file for the network of {parent.Id}", limit, spool.WriteAsync, cancellation);
            try
            {
                return await Store(await SafetensorsReader.Open(spool, cancellation), like, parent.Id, cancellation);
            }
            catch (SafetensorsException exception)
            {
                throw ApiException.BadRequest(exception.Message);
            }
        }
    }

    private async Task<ContentHash> Store(SafetensorsReader file, ModelManifest like, ModelVersionId parent, CancellationToken cancellation)
    {
        if (file.Layout.Tensors.FirstOrDefault(tensor => like.Layout.Tensors.All(known => known.Name != tensor.Name)) is { } unknown)
        {
            throw ApiException.BadRequest($"The file has a tensor '{unknown.Name}', which the network of {parent} has not: export the model that it is for.");
        }

        var integers = await file.ReadIntegers(like.Layout, cancellation);
        await using var cutter = new ShardCutter(like.Plan, content);
        await file.ReadWeights(like.Layout, async (block, stop) =>
        {
            RequireFinite(block.Span);
            await cutter.Append(block, stop);
        }, cancellation);
        var manifest = ModelManifest.OfWeights(like.Layout, like.Plan, cutter.Shards, integers);
        return await content.Put(manifest.ToBytes(), cancellation);
    }

    private static void RequireFinite(ReadOnlySpan<byte> block)
    {
        foreach (var weight in MemoryMarshal.Cast<byte, float>(block))
        {
            if (!float.IsFinite(weight))
            {
                throw ApiException.BadRequest($"The file holds a weight that is {weight}, and such a model predicts nothing: export a version from before it diverged.");
            }
        }
    }
}
