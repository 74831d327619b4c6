using OrleansEdge.Benchmarks.Processes;

namespace OrleansEdge.Benchmarks.Runs;

/// <summary>What goes wrong is one sentence on standard error and an exit code.</summary>
internal static class CommandFailures
{
    /// <summary>Runs a measurement.</summary>
    public static async Task<int> Explain(Func<Task> measurement)
    {
        try
        {
            await measurement();
            return 0;
        }
        catch (OperationCanceledException exception)
        {
            await Console.Error.WriteLineAsync($"something was waited for in vain: {exception.StackTrace}");
            return 1;
        }
        catch (Exception exception) when (exception is BenchmarkException or FormatException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
