namespace OrleansEdge.Grains.Tests.Retention;

/// <summary>Runs two processes in all orders of their steps.</summary>
internal static class Interleavings
{
    /// <summary>Runs <paramref name="attempt"/> again and again; each time it asks which of two processes goes on, and is told otherwise.</summary>
    /// <param name="attempt">Builds the processes anew and runs them to their ends. True stands for the first process.</param>
    /// <returns>How many orders there are.</returns>
    public static int RunAll(Action<Func<bool>> attempt)
    {
        var choices = new List<bool>();
        for (var count = 1; ; count++)
        {
            var next = 0;
            attempt(() =>
            {
                if (next == choices.Count)
                {
                    choices.Add(true);
                }

                return choices[next++];
            });
            while (choices.Count > 0 && !choices[^1])
            {
                choices.RemoveAt(choices.Count - 1);
            }

            if (choices.Count == 0)
            {
                return count;
            }

            choices[^1] = false;
        }
    }

    /// <summary>Takes steps of two processes until both have ended.</summary>
    public static void Run(Func<bool> choose, (SteppedStore Store, Task Process) first, (SteppedStore Store, Task Process) second)
    {
        while (!first.Process.IsCompleted || !second.Process.IsCompleted)
        {
            var isFirst = second.Process.IsCompleted || (!first.Process.IsCompleted && choose());
            var store = isFirst ? first.Store : second.Store;
            Assert.True(store.CanStep, "a process waits for something else than its step");
            store.Step();
        }
    }

    /// <summary>Takes at most so many steps of one process. False if it ended before.</summary>
    public static bool Run(SteppedStore store, Task process, int steps = int.MaxValue)
    {
        for (var step = 0; step < steps; step++)
        {
            if (process.IsCompleted)
            {
                return false;
            }

            Assert.True(store.CanStep, "a process waits for something else than its step");
            store.Step();
        }

        return true;
    }
}
