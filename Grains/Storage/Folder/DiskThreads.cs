using System.Collections.Concurrent;

namespace OrleansEdge.Grains.Storage.Folder;

/// <summary>
/// A few threads of their own for calls that wait for the disk (a flush takes milliseconds): on the thread pool, a burst of states to be
/// written would keep every grain of the silo waiting.
/// </summary>
internal sealed class DiskThreads : IDisposable
{
    private readonly BlockingCollection<Action> _queue = [];
    private readonly Thread[] _threads;

    internal DiskThreads(int count)
    {
        _threads = new Thread[count];
        for (var index = 0; index < count; index++)
        {
            _threads[index] = new Thread(Work) { IsBackground = true, Name = $"disk {index}" };
            _threads[index].Start();
        }
    }

    /// <summary>Runs <paramref name="action"/> on one of the threads; what awaits it goes on elsewhere.</summary>
    internal Task<T> Run<T>(Func<T> action, CancellationToken cancellation)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add(
            () =>
            {
                if (cancellation.IsCancellationRequested)
                {
                    result.SetCanceled(cancellation);
                    return;
                }

                try
                {
                    result.SetResult(action());
                }
                catch (Exception exception)
                {
                    result.SetException(exception);
                }
            },
            CancellationToken.None);
        return result.Task;
    }

    /// <summary>Lets the queued work end, then the threads.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _queue.Dispose();
    }

    private void Work()
    {
        foreach (var action in _queue.GetConsumingEnumerable())
        {
            action();
        }
    }
}
