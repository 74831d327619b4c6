using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>A store that can be made to fail from one moment on: nothing that is done afterwards is durable, as after the death of its process.</summary>
internal sealed class CrashableStore(IBlobStore inner) : IBlobStore
{
    private volatile bool _dead;

    public void Die() => _dead = true;

    public void Revive() => _dead = false;

    public ValueTask<BlobContent?> Read(BlobName name, CancellationToken cancellation = default) => Alive.Read(name, cancellation);

    public ValueTask<int> ReadRange(BlobName name, long offset, Memory<byte> destination, CancellationToken cancellation = default) =>
        Alive.ReadRange(name, offset, destination, cancellation);

    public ValueTask<Stream?> OpenRead(BlobName name, CancellationToken cancellation = default) => Alive.OpenRead(name, cancellation);

    public ValueTask<long?> GetLength(BlobName name, CancellationToken cancellation = default) => Alive.GetLength(name, cancellation);

    public ValueTask<string> Write(BlobName name, ReadOnlyMemory<byte> content, BlobCondition condition = default, CancellationToken cancellation = default) =>
        Alive.Write(name, content, condition, cancellation);

    public ValueTask<IBlobWriter> OpenWrite(string container, CancellationToken cancellation = default) => Alive.OpenWrite(container, cancellation);

    public ValueTask<string?> Touch(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default) =>
        Alive.Touch(name, condition, cancellation);

    public ValueTask<bool> Delete(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default) =>
        Alive.Delete(name, condition, cancellation);

    public IAsyncEnumerable<BlobEntry> List(string container, string prefix = "", CancellationToken cancellation = default) =>
        Alive.List(container, prefix, cancellation);

    public ValueTask<DateTimeOffset> Now(CancellationToken cancellation = default) => Alive.Now(cancellation);

    public string Describe(BlobName name) => inner.Describe(name);

    private IBlobStore Alive => _dead ? throw new BlobStoreException("The store is dead.") { IsPassing = true } : inner;
}
