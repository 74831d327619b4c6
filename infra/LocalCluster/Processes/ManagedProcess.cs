using System.ComponentModel;
using System.Diagnostics;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.LocalCluster.Processes;

/// <summary>A process that is started, started again when it ends because of what was done to it, and ended.</summary>
internal sealed class ManagedProcess : IAsyncDisposable
{
    private const int TailLines = 12;

    /// <summary>What <see cref="Process.ExitCode"/> is after SIGKILL: 128 and the signal's number.</summary>
    private const int KilledExitCode = 137;

    /// <summary>A silo may take ten seconds to hand over what it has.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);

    /// <summary>A program that cannot start again must not be started for ever.</summary>
    private const int MostRestarts = 50;

    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly Func<ProcessStart, ProcessEnd, ProcessStart?> restart;
    private readonly TimeProvider time;
    private ProcessStart start;
    private readonly HashSet<int> ids = [];
    private Process current;
    private TaskCompletionSource<ProcessEnd> ended = new();
    private bool stopping;

    private ManagedProcess(ProcessStart start, ProcessLog log, Func<ProcessStart, ProcessEnd, ProcessStart?> restart, TimeProvider time)
    {
        this.start = start;
        this.restart = restart;
        this.time = time;
        Log = log;
        current = Launch();
        Completion = Supervise();
    }

    /// <summary>The process's name.</summary>
    public string Name => start.Name;

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    private bool IsStopping
    {
        get
        {
            lock (gate)
            {
                return stopping;
            }
        }
    }

    /// <summary>What it writes.</summary>
    public ProcessLog Log { get; }

    /// <summary>The id of the running process.</summary>
    public int Id
    {
        get
        {
            lock (gate)
            {
                return current.Id;
            }
        }
    }

    /// <summary>Ends when the process was stopped; fails with a <see cref="ClusterException"/> when it ended by itself.</summary>
    public Task Completion { get; }

    /// <summary>Starts a process.</summary>
    /// <param name="start">How.</param>
    /// <param name="logPath">The file for what it writes; continued if it is there.</param>
    /// <param name="restart">
    /// Asked when it has ended, with how it was started and how it ended: how it is started again, or null if nothing was done that explains it.
    /// </param>
    /// <param name="time">For the grace at the end.</param>
    public static ManagedProcess Start(ProcessStart start, string logPath, Func<ProcessStart, ProcessEnd, ProcessStart?> restart, TimeProvider time)
    {
        var log = new ProcessLog(logPath);
        try
        {
            return new(start, log, restart, time);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Whether the process has, or has had, an id.</summary>
    public bool HasBeen(int id)
    {
        lock (gate)
        {
            return ids.Contains(id);
        }
    }

    /// <summary>Kills the process with SIGKILL.</summary>
    public void Kill()
    {
        lock (gate)
        {
            current.Kill();
        }
    }

    /// <summary>Tells the process to end with SIGTERM, as an orchestrator does.</summary>
    /// <returns>Completes when it has ended, whether it is started again or not.</returns>
    public Task<ProcessEnd> Terminate()
    {
        lock (gate)
        {
            ProcessSignals.Terminate(current.Id);
            return ended.Task;
        }
    }

    /// <summary>Asks the process to end, and after a grace ends it and all it has started.</summary>
    public async ValueTask DisposeAsync()
    {
        Process process;
        lock (gate)
        {
            stopping = true;
            process = current;
        }

        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is dead already.
        }

        try
        {
            await Completion.WaitAsync(Grace, time);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (ClusterException)
        {
            // Reported by who watches the completion.
        }

        process.Dispose();
        Log.Dispose();
    }

    private async Task Supervise()
    {
        // The first start must have happened for the caller, and nothing after it on the caller's time.
        await Task.Yield();
        while (true)
        {
            var process = current;
            var pumps = Task.WhenAll(Log.Pump(process.StandardOutput.BaseStream), Log.Pump(process.StandardError.BaseStream));
            await process.WaitForExitAsync();
            ended.SetResult(new(process.Id, process.ExitCode));
            await pumps.WaitAsync(PipeGrace, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (process.ExitCode != KilledExitCode && !IsStopping)
            {
                await Task.Delay(RestartPause, time);
            }

            lock (gate)
            {
                if (stopping)
                {
                    return;
                }

                start = Restarts < MostRestarts && restart(start, new(process.Id, process.ExitCode)) is { } next ? next : throw Unexpected(process.ExitCode);
                Restarts++;
                current = Launch();
            }

            process.Dispose();
        }
    }

    private Process Launch()
    {
        try
        {
            var process = Process.Start(start.ToStartInfo())!;
            ids.Add(process.Id);
            ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return process;
        }
        catch (Win32Exception exception)
        {
            throw new ClusterException($"The process {Name} could not be started with {start.Executable}: {exception.Message}.");
        }
    }

    private ClusterException Unexpected(int exitCode)
    {
        var how = exitCode > 128 ? $"died of signal {exitCode - 128}" : $"ended by itself with exit code {exitCode}";
        var tail = Log.Tail(TailLines);
        return new($"The process {Name} {how}; its log is {Log.Path}{(tail.Length == 0 ? ", and is empty." : $" and ends with:\n{tail}")}");
    }
}

/// <summary>The end of a process.</summary>
/// <param name="Id">The id that it had.</param>
/// <param name="ExitCode">Its exit code; 128 and the signal's number where it died of one.</param>
internal readonly record struct ProcessEnd(int Id, int ExitCode);
