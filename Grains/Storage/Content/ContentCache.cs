using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Storage.Content;

/// <summary>
/// Recently read content in memory: the least recently used goes first. Content is checked against its hash when it is loaded; its parts are
/// then handed out without copying. Several readers of the same content load it once. Safe for concurrent use.
/// </summary>
/// <param name="store">Where the content comes from.</param>
/// <param name="options">Null: the defaults.</param>
public sealed class ContentCache(ContentStore store, ContentCacheOptions? options = null)
{
    private readonly ContentCacheOptions _options = options ?? new();
    private readonly Lock _gate = new();
    private readonly Dictionary<ContentHash, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _newestFirst = [];
    private long _used;

    /// <summary>The bytes of all cached content.</summary>
    public long Used
    {
        get
        {
            lock (_gate)
            {
                return _used;
            }
        }
    }

    /// <summary>
    /// The part of <paramref name="length"/> bytes from <paramref name="offset"/> on, shorter where the content ends. Not to be written to.
    /// </summary>
    /// <exception cref="DamagedContentException">The content is missing or its bytes have another hash.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> Read(ContentHash hash, long offset, int length, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var content = Find(hash);
        if (content is null)
        {
            var size = await store.GetLength(hash, cancellation).ConfigureAwait(false) ?? throw store.Missing(hash);
            if (size > Math.Min(_options.LargestEntry, _options.Capacity))
            {
                return await ReadPart(hash, offset, (int)Math.Clamp(size - offset, 0, length), cancellation).ConfigureAwait(false);
            }

            content = FindOrLoad(hash, size);
        }

        var bytes = await content.WaitAsync(cancellation).ConfigureAwait(false);
        var start = (int)Math.Min(offset, bytes.Length);
        return bytes.Slice(start, Math.Min(length, bytes.Length - start));
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadPart(ContentHash hash, long offset, int length, CancellationToken cancellation)
    {
        var part = GC.AllocateUninitializedArray<byte>(length);
        return part.AsMemory(0, await store.ReadRange(hash, offset, part, cancellation).ConfigureAwait(false));
    }

    private Task<ReadOnlyMemory<byte>>? Find(ContentHash hash)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(hash, out var node) ? Touch(node) : null;
        }
    }

    private Task<ReadOnlyMemory<byte>> FindOrLoad(ContentHash hash, long size)
    {
        TaskCompletionSource<ReadOnlyMemory<byte>> loaded;
        lock (_gate)
        {
            if (_entries.TryGetValue(hash, out var node))
            {
                return Touch(node);
            }

            loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _entries[hash] = _newestFirst.AddFirst(new Entry(hash, loaded.Task, size));
            _used += size;
            while (_used > _options.Capacity)
            {
                Remove(_newestFirst.Last!);
            }
        }

        // The load serves all who wait, so it does not end with the first caller's cancellation.
        _ = Load(hash, loaded);
        return loaded.Task;
    }

    private async Task Load(ContentHash hash, TaskCompletionSource<ReadOnlyMemory<byte>> loaded)
    {
        try
        {
            loaded.SetResult(await store.Read(hash).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                if (_entries.TryGetValue(hash, out var node) && node.Value.Content == loaded.Task)
                {
                    Remove(node);
                }
            }

            loaded.SetException(exception);
        }
    }

    private Task<ReadOnlyMemory<byte>> Touch(LinkedListNode<Entry> node)
    {
        _newestFirst.Remove(node);
        _newestFirst.AddFirst(node);
        return node.Value.Content;
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _newestFirst.Remove(node);
        _entries.Remove(node.Value.Hash);
        _used -= node.Value.Size;
    }

    private readonly record struct Entry(ContentHash Hash, Task<ReadOnlyMemory<byte>> Content, long Size);
}
