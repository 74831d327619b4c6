using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Tests.Retention;

/// <summary>A store in memory in which everything happens at once, on the caller's thread; its clock is set by the test.</summary>
internal sealed class MemoryBlobStore : IBlobStore
{
    private readonly SortedDictionary<BlobName, (byte[] Bytes, string ETag, DateTimeOffset Modified)> _blobs = [];
    private long _writes;

    public DateTimeOffset Clock { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Blobs that cannot be written now.</summary>
    public Predicate<BlobName> Fails { get; set; } = _ => false;

    public ValueTask<BlobContent?> Read(BlobName name, CancellationToken cancellation = default) =>
        new(_blobs.TryGetValue(name, out var blob) ? new BlobContent(blob.Bytes, blob.ETag) : null);

    public ValueTask<int> ReadRange(BlobName name, long offset, Memory<byte> destination, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public ValueTask<Stream?> OpenRead(BlobName name, CancellationToken cancellation = default) =>
        new(_blobs.TryGetValue(name, out var blob) ? new MemoryStream(blob.Bytes, writable: false) : null);

    public ValueTask<long?> GetLength(BlobName name, CancellationToken cancellation = default) =>
        new(_blobs.TryGetValue(name, out var blob) ? blob.Bytes.Length : null);

    public ValueTask<string> Write(BlobName name, ReadOnlyMemory<byte> content, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        if (Fails(name))
        {
            throw new BlobStoreException($"{name} cannot be written.");
        }

        Require(name, condition);
        return new(Put(name, content.ToArray()));
    }

    public ValueTask<IBlobWriter> OpenWrite(string container, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<string?> Touch(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        if (!_blobs.TryGetValue(name, out var blob))
        {
            return new((string?)null);
        }

        Require(name, condition);
        return new(Put(name, blob.Bytes));
    }

    public ValueTask<bool> Delete(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        if (!_blobs.ContainsKey(name))
        {
            return new(false);
        }

        Require(name, condition);
        return new(_blobs.Remove(name));
    }

    public async IAsyncEnumerable<BlobEntry> List(
        string container, string prefix = "", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var (name, blob) in _blobs.Where(entry => entry.Key.Container == container
            && entry.Key.Path.StartsWith(prefix, StringComparison.Ordinal)).ToList())
        {
            yield return new(name, blob.Bytes.Length, blob.ETag, blob.Modified);
        }

        await ValueTask.CompletedTask;
    }

    public ValueTask<DateTimeOffset> Now(CancellationToken cancellation = default) => new(Clock);

    public string Describe(BlobName name) => name.ToString();

    private string Put(BlobName name, byte[] bytes)
    {
        var etag = (++_writes).ToString(CultureInfo.InvariantCulture);
        _blobs[name] = (bytes, etag, Clock);
        return etag;
    }

    private void Require(BlobName name, BlobCondition condition)
    {
        if (!condition.IsMetBy(_blobs.TryGetValue(name, out var blob) ? blob.ETag : null))
        {
            throw new BlobConflictException();
        }
    }
}
