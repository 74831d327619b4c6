using System.Globalization;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Processes;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>Tells a silo to end in good order, and measures how long it takes.</summary>
internal static class SiloDrain
{
    /// <summary>Three times what is promised: a machine may be busy, but a silo that hangs is never waited for in vain.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends SIGTERM, and waits until the process has ended.</summary>
    /// <exception cref="ClusterException">It does not end.</exception>
    public static async Task<Drain> Run(ManagedProcess silo, TimeProvider time, CancellationToken cancellation)
    {
        var told = time.GetTimestamp();
        try
        {
            var end = await silo.Terminate().WaitAsync(Patience, time, cancellation);
            return new(Math.Round(time.GetElapsedTime(told).TotalSeconds, 3), end.ExitCode);
        }
        catch (TimeoutException)
        {
            throw new ClusterException(string.Create(
                CultureInfo.InvariantCulture,
                $"The process {silo.Name} was told to end and has not ended within {Patience.TotalSeconds:0} seconds: its log is {silo.Log.Path}."));
        }
    }
}
