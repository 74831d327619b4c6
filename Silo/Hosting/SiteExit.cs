using OrleansEdge.Contracts.Sites;

namespace OrleansEdge.Silo.Hosting;

/// <summary>The end of this process: in good order, for a reason of its own if need be, and in any case in time.</summary>
internal sealed class SiteExit(IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>How long a silo hands over what it has.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What is left to do when the time for handing over is up.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>What the process returns when it has stopped.</summary>
    public int ExitCode { get; private set; }

    /// <summary>
    /// Waits for the site's end. A silo whose membership is lost can wait for it without end while it stops; nobody else would end it, and whoever
    /// watches over the process could not start it again.
    /// </summary>
    /// <param name="running">Completes when the site has stopped.</param>
    /// <returns>Whether it has; false when the time is up.</returns>
    public async Task<bool> HasStopped(Task running)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStopping.Register(told.SetResult);
        if (await Task.WhenAny(running, told.Task) == running)
        {
            await running;
            return true;
        }

        try
        {
            await running.WaitAsync(ShutdownTimeout + Grace, time);
            return true;
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            return false;
        }
    }

    /// <summary>Stops in good order.</summary>
    public void StopToStartAgain()
    {
        ExitCode = SiloExitCodes.StartAgain;
        lifetime.StopApplication();
    }
}
