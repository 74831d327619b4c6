using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Sites;

namespace OrleansEdge.Silo.Uplink;

/// <summary>Sees to it that one of the site's silos speaks for it at its parent: whichever is left takes over.</summary>
internal sealed partial class UplinkKeeper(IGrainFactory grains, TimeProvider time, ILogger<UplinkKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TouchTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                try
                {
                    await grains.GetGrain<IUplinkGrain>(StorageNames.Uplink).Touch().WaitAsync(TouchTimeout, stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(exception.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo ends, or could not begin.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The link to the parent could not be looked after, and is tried again in a moment: {Reason}")]
    private partial void LogFailed(string reason);
}
