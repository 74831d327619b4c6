using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Retention.Marking;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Grains.Retention;

/// <summary>What a collection of orphans came to.</summary>
/// <param name="Blobs">How many blobs were deleted (would be, in a dry run).</param>
/// <param name="Bytes">How many bytes they had.</param>
/// <param name="LaterBlobs">How many blobs nothing refers to that are kept until their grace is over.</param>
/// <param name="LaterBytes">How many bytes they have.</param>
public readonly record struct CollectionReport(int Blobs, long Bytes, int LaterBlobs, long LaterBytes);

/// <summary>
/// Deletes content that nothing refers to: lists it, marks what is referred to, and deletes what is not marked, provided that its ETag is the
/// listed one. Whoever comes to refer to content touches it after having written the reference, so either the mark sees the reference, or the
/// deletion fails, or the touch finds that the content is gone. The grace is not needed for that; it spares what is being prepared.
/// </summary>
internal sealed class ContentCollector(IBlobStore blobs, ContentStore content, VersionStore versions, IReferenceHolders holders)
{
    /// <summary>Collects.</summary>
    /// <param name="grace">How long content is kept after it was last written or touched, by the store's clock.</param>
    /// <param name="given">Versions that count as given up already; for a dry run.</param>
    /// <param name="isDryRun">Whether to count only.</param>
    /// <param name="cancellation">Ends the collection; what is deleted by then was rightly deleted.</param>
    /// <exception cref="DamagedContentException">A manifest that is referred to cannot be read, so what it names is unknown; nothing was deleted.</exception>
    public async Task<CollectionReport> Collect(
        TimeSpan grace, IReadOnlySet<ModelVersionId> given, bool isDryRun, CancellationToken cancellation)
    {
        var listed = await List(grace, cancellation);
        var marks = new ContentMarks();
        // Models first: a job takes a version while the version's record is there, and is asked between two of its steps.
        await MarkModels(marks, given, cancellation);
        await MarkJobs(marks, cancellation);
        var (count, bytes, later, laterBytes) = (0, 0L, 0, 0L);
        foreach (var orphan in marks.Orphans(listed))
        {
            if (!orphan.IsOld)
            {
                later++;
                laterBytes += orphan.Length;
            }
            else if (isDryRun || await TryDelete(orphan, cancellation))
            {
                count++;
                bytes += orphan.Length;
            }
        }

        return new(count, bytes, later, laterBytes);
    }

    private async Task<List<ListedContent>> List(TimeSpan grace, CancellationToken cancellation)
    {
        var newest = await blobs.Now(cancellation) - grace;
        var listed = new List<ListedContent>();
        await foreach (var entry in blobs.List(ContentStore.Container, "", cancellation))
        {
            if (ContentStore.HashOf(entry.Name) is { } hash)
            {
                listed.Add(new(hash, entry.Length, entry.ETag, entry.Modified <= newest));
            }
        }

        return listed;
    }

    private async Task MarkModels(ContentMarks marks, IReadOnlySet<ModelVersionId> given, CancellationToken cancellation)
    {
        foreach (var model in await versions.ListModels(cancellation))
        {
            var known = await holders.GetVersions(model, cancellation);
            foreach (var number in await versions.ListNumbers(model, cancellation))
            {
                var id = new ModelVersionId(model, number);
                if (!known.Pruned.Has(number) && !given.Contains(id) && await versions.Read(id) is { } record)
                {
                    marks.Mark(VersionContent.NamedBy(record));
                    await MarkShards(marks, record.Manifest, isPublished: number < known.Count, cancellation);
                }
            }
        }
    }

    private async Task MarkJobs(ContentMarks marks, CancellationToken cancellation)
    {
        foreach (var job in await holders.GetJobs(cancellation))
        {
            marks.Mark(job.References.Content);
            marks.Mark(job.References.Manifests);
            foreach (var manifest in job.References.Manifests)
            {
                await MarkShards(marks, manifest, isPublished: true, cancellation);
            }
        }
    }

    /// <summary>The record of a version that was never published may outlive its content; whoever publishes it stores the content again.</summary>
    private async Task MarkShards(ContentMarks marks, ContentHash manifest, bool isPublished, CancellationToken cancellation)
    {
        if (isPublished || await content.GetLength(manifest, cancellation) is not null)
        {
            marks.Mark(VersionContent.NamedBy(ModelManifest.Parse(await content.ReadSmall(manifest, ManifestStore.LargestManifest, cancellation))));
        }
    }

    private async Task<bool> TryDelete(ListedContent orphan, CancellationToken cancellation)
    {
        try
        {
            return await blobs.Delete(ContentStore.NameOf(orphan.Hash), BlobCondition.IfMatch(orphan.ETag), cancellation);
        }
        catch (BlobConflictException)
        {
            // Somebody has stored or touched it since: it is in use.
            return false;
        }
    }
}
