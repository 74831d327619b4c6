namespace OrleansEdge.Silo.Hosting;

/// <summary>Ends this process for a reason of its own.</summary>
internal sealed class SiteExit(IHostApplicationLifetime lifetime)
{
    /// <summary>The exit code that asks whoever watches over this process to start it again: <c>EX_TEMPFAIL</c> of <c>sysexits.h</c>.</summary>
    public const int StartAgainExitCode = 75;

    /// <summary>What the process returns when it has stopped.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Stops in good order.</summary>
    public void StopToStartAgain()
    {
        ExitCode = StartAgainExitCode;
        lifetime.StopApplication();
    }
}
