namespace OrleansEdge.LocalCluster.Processes;

/// <summary>Processes that are ended together.</summary>
/// <param name="logOf">The log file of a process, by its name.</param>
/// <param name="time">The clock.</param>
internal sealed class ProcessGroup(Func<string, string> logOf, TimeProvider time) : IAsyncDisposable
{
    private readonly List<ManagedProcess> members = [];

    /// <summary>The processes, in the order in which they were started.</summary>
    public IReadOnlyList<ManagedProcess> Members => members;

    /// <summary>One task for each process, which fails when it ends by itself.</summary>
    public IEnumerable<Task> Completions => members.Select(process => process.Completion);

    /// <summary>Starts a process.</summary>
    /// <param name="start">How.</param>
    /// <param name="restart">How it is started again when it was killed: see <see cref="ManagedProcess.Start"/>.</param>
    public ManagedProcess Start(ProcessStart start, Func<ProcessStart, ProcessEnd, ProcessStart?> restart)
    {
        var process = ManagedProcess.Start(start, logOf(start.Name), restart, time);
        members.Add(process);
        return process;
    }

    /// <summary>Ends one.</summary>
    public async Task End(ManagedProcess process)
    {
        members.Remove(process);
        await process.DisposeAsync();
    }

    /// <summary>Ends all, at the same time; others can be started afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        var ending = members.ToArray();
        members.Clear();
        await Task.WhenAll(ending.Select(process => process.DisposeAsync().AsTask()));
    }
}
