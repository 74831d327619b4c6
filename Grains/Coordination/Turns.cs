namespace OrleansEdge.Grains.Coordination;

/// <summary>Lets asynchronous work of one grain happen one piece after the other, in the order of asking. For calls in the grain's own turns.</summary>
internal sealed class Turns
{
    private Task _last = Task.CompletedTask;

    /// <summary>Runs <paramref name="work"/> when all that was asked for before has ended, however it ended.</summary>
    public async Task<T> Run<T>(Func<Task<T>> work)
    {
        var previous = _last;
        var done = new TaskCompletionSource();
        _last = done.Task;
        await previous;
        try
        {
            return await work();
        }
        finally
        {
            done.SetResult();
        }
    }
}
