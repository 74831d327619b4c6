using System.Runtime.CompilerServices;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Tests.Retention;

/// <summary>A store as one process sees it whose every step is a test's decision. What no other process touches goes through at once.</summary>
/// <param name="inner">The store that all processes share.</param>
/// <param name="isShared">Which blobs other processes touch, too.</param>
internal sealed class SteppedStore(IBlobStore inner, Func<BlobName, bool> isShared) : IBlobStore
{
    private readonly Queue<TaskCompletionSource> _waiting = new();

    /// <summary>Whether a step waits to be taken.</summary>
    public bool CanStep => _waiting.Count > 0;

    /// <summary>Takes the next step, and all that follows from it until the next one.</summary>
    public void Step() => _waiting.Dequeue().SetResult();

    public async ValueTask<BlobContent?> Read(BlobName name, CancellationToken cancellation = default)
    {
        await Turn(name);
        return await inner.Read(name, cancellation);
    }

    public async ValueTask<int> ReadRange(BlobName name, long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        await Turn(name);
        return await inner.ReadRange(name, offset, destination, cancellation);
    }

    public async ValueTask<Stream?> OpenRead(BlobName name, CancellationToken cancellation = default)
    {
        await Turn(name);
        return await inner.OpenRead(name, cancellation);
    }

    public async ValueTask<long?> GetLength(BlobName name, CancellationToken cancellation = default)
    {
        await Turn(name);
        return await inner.GetLength(name, cancellation);
    }

    public async ValueTask<string> Write(
        BlobName name, ReadOnlyMemory<byte> content, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        await Turn(name);
        return await inner.Write(name, content, condition, cancellation);
    }

    public ValueTask<IBlobWriter> OpenWrite(string container, CancellationToken cancellation = default) => inner.OpenWrite(container, cancellation);

    public async ValueTask<string?> Touch(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        await Turn(name);
        return await inner.Touch(name, condition, cancellation);
    }

    public async ValueTask<bool> Delete(BlobName name, BlobCondition condition = default, CancellationToken cancellation = default)
    {
        await Turn(name);
        return await inner.Delete(name, condition, cancellation);
    }

    public async IAsyncEnumerable<BlobEntry> List(
        string container, string prefix = "", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Turn();
        await foreach (var entry in inner.List(container, prefix, cancellation))
        {
            yield return entry;
        }
    }

    public ValueTask<DateTimeOffset> Now(CancellationToken cancellation = default) => inner.Now(cancellation);

    public string Describe(BlobName name) => inner.Describe(name);

    private Task Turn(BlobName name) => isShared(name) ? Turn() : Task.CompletedTask;

    private Task Turn()
    {
        // Continued by the caller of Step, on its thread: nothing happens by itself.
        var turn = new TaskCompletionSource();
        _waiting.Enqueue(turn);
        return turn.Task;
    }
}
