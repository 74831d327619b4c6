using System.Collections.Concurrent;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.Participation.Updates;

/// <summary>A version in memory, as a trainer takes it.</summary>
/// <param name="Manifest">What it consists of.</param>
/// <param name="Weights">The flat vector.</param>
internal sealed record LoadedVersion(ModelManifest Manifest, byte[] Weights);

/// <summary>
/// Brings versions and other content from the site by their hashes, in chunks, several in flight. The newest version is kept, so that what is
/// measured after a round need not be fetched again to train on.
/// </summary>
internal sealed class VersionReader(SiteConnection connection, RetryPolicy retry) : IDisposable
{
    private readonly ConcurrentDictionary<ContentHash, TaskDescription> _tasks = [];
    private readonly SemaphoreSlim _gate = new(1);
    private (ContentHash Hash, LoadedVersion Version)? _last;

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>Reads a version.</summary>
    /// <exception cref="ContentMissingException">The site does not hold it.</exception>
    public async Task<LoadedVersion> ReadVersion(ContentHash manifestHash, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_last is { } last && last.Hash == manifestHash)
            {
                return last.Version;
            }

            _last = null;
            var manifest = ModelManifest.Parse(await ReadContent(manifestHash, cancellation));
            var weights = GC.AllocateUninitializedArray<byte>(checked((int)(manifest.Layout.WeightCount * sizeof(float))));
            using var window = new SemaphoreSlim(Chunk.PreferredInFlight);
            await Task.WhenAll(manifest.Plan.Shards.Select(shard => ReadShard(
                manifest.WeightShards[shard.Index], weights.AsMemory((int)shard.ByteOffset, shard.ByteLength), window, cancellation)));
            var version = new LoadedVersion(manifest, weights);
            _last = (manifestHash, version);
            return version;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads a job's task.</summary>
    public async Task<TaskDescription> ReadTask(ContentHash hash, CancellationToken cancellation)
    {
        if (!_tasks.TryGetValue(hash, out var task))
        {
            task = TaskJson.Parse(await ReadContent(hash, cancellation));
            _tasks[hash] = task;
        }

        return task;
    }

    /// <summary>Reads any content whole, and checks it against its hash.</summary>
    public async Task<byte[]> ReadContent(ContentHash hash, CancellationToken cancellation)
    {
        var first = await retry.Repeat(() => Content(hash).Read(0, Chunk.PreferredLength, cancellation).AsTask(), cancellation);
        if (first.Length < Chunk.PreferredLength)
        {
            // Less than was asked for is the whole: manifests and tasks take one call.
            var whole = first.Span.ToArray();
            first.Release();
            return ContentHash.Of(whole) == hash ? whole : throw Differs(hash);
        }

        first.Release();
        var length = await retry.Repeat(() => Content(hash).GetLength(cancellation).AsTask(), cancellation)
            ?? throw new ContentMissingException($"the site does not hold the content {hash}.");
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)length));
        using var window = new SemaphoreSlim(Chunk.PreferredInFlight);
        await ReadShard(hash, bytes, window, cancellation);
        return bytes;
    }

    /// <summary>Reads content of a known length, and checks it against its hash.</summary>
    /// <exception cref="ContentMissingException">The site does not hold it.</exception>
    public async Task<byte[]> ReadContent(ContentHash hash, int length, CancellationToken cancellation)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        using var window = new SemaphoreSlim(Chunk.PreferredInFlight);
        await ReadShard(hash, bytes, window, cancellation);
        return bytes;
    }

    /// <summary>Asked for anew with each call: a client that has met only a silo that was stopping knows no grains at all.</summary>
    private IContentGrain Content(ContentHash hash) => connection.Grains.GetGrain<IContentGrain>(hash.Hex);

    private ValueTask<Chunk> Read(ContentHash hash, int offset, int length, CancellationToken cancellation) => connection.Entries.For(hash) is { } entry
        ? entry.Read(hash, offset, length, cancellation)
        : Content(hash).Read(offset, length, cancellation);

    private static ContentMissingException Differs(ContentHash hash) => new($"what the site sent for {hash} is not that content.");

    private async Task ReadShard(ContentHash hash, Memory<byte> target, SemaphoreSlim window, CancellationToken cancellation)
    {
        var offsets = Enumerable.Range(0, (target.Length + Chunk.PreferredLength - 1) / Chunk.PreferredLength).Select(index => index * Chunk.PreferredLength);
        await Task.WhenAll(offsets.Select(async offset =>
        {
            await window.WaitAsync(cancellation);
            try
            {
                var part = target.Slice(offset, Math.Min(Chunk.PreferredLength, target.Length - offset));
                var chunk = await retry.Repeat(() => Read(hash, offset, part.Length, cancellation).AsTask(), cancellation);
                chunk.Memory.CopyTo(part);
                chunk.Release();
            }
            finally
            {
                window.Release();
            }
        }));
        if (ContentHash.Of(target.Span) != hash)
        {
            throw Differs(hash);
        }
    }
}
