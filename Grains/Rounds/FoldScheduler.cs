namespace OrleansEdge.Grains.Rounds;

/// <summary>
/// Runs the folds of a silo outside its grains' turns: as many at once as there are processors less one (and at least one), so that the
/// silo goes on answering while it folds.
/// </summary>
internal sealed class FoldScheduler : IDisposable
{
    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount - 1));

    /// <summary>Runs <paramref name="fold"/> on the thread pool when a slot is free.</summary>
    public async Task<T> Run<T>(Func<T> fold)
    {
        await _slots.WaitAsync();
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
        await _slots.WaitAsync();
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
}
