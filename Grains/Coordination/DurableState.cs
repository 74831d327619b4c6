namespace OrleansEdge.Grains.Coordination;

/// <summary>
/// A grain's state of which the grain sees only what is durable: what is being written, or could not be written, is invisible, so that
/// nothing outside the grain can follow from it. One write at a time.
/// </summary>
/// <param name="storage">Where it is kept.</param>
internal sealed class DurableState<T>(IPersistentState<T> storage)
    where T : class
{
    private readonly Turns _turns = new();
    private T? _previous;

    /// <summary>The last state that was read or written. Never changed in place.</summary>
    public T Value => _previous ?? storage.State;

    /// <summary>Replaces the state.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">Another activation has written; this one must end.</exception>
    public Task Write(T next) => Change(() =>
    {
        storage.State = next;
        return storage.WriteStateAsync();
    });

    /// <summary>Deletes the state; a fresh one is in its place.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">Another activation has written; this one must end.</exception>
    public Task Clear() => Change(storage.ClearStateAsync);

    /// <summary>Reads the state anew.</summary>
    public Task Read() => Change(storage.ReadStateAsync);

    private Task<bool> Change(Func<Task> change) => _turns.Run(async () =>
    {
        _previous = storage.State;
        try
        {
            await change();
            return true;
        }
        catch
        {
            storage.State = _previous;
            throw;
        }
        finally
        {
            _previous = null;
        }
    });
}
