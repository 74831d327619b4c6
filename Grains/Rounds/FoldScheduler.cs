namespace OrleansEdge.Grains.Rounds;

/// <summary>
/// Runs the folds of a silo outside its grains' turns: as many at once as there are processors less one (and at least one), so that the
/// silo goes on answering while it folds.
/// </summary>
internal sealed class FoldScheduler : IDisposable
{
    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount - 1));
    private int _waiting;

    /// <summary>Folds that wait for a slot.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Runs <paramref name="fold"/> on the thread pool when a slot is free.</summary>
    public async Task<T> Run<T>(Func<T> fold)
    {
        await TakeSlot();
        try
        {
            return await Task.Run(fold);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc cref="Run{T}(Func{T})"/>
    public async Task<T> Run<T>(Func<Task<T>> fold)
    {
        await TakeSlot();
        try
        {
            return await Task.Run(fold);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private async Task TakeSlot()
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _slots.WaitAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
