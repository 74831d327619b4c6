using Microsoft.Extensions.Options;
using OrleansEdge.Grains.Retention;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Touches the site's one retention, wherever it is, at start and again and again, so that it outlives the silo that it runs on.</summary>
internal sealed partial class RetentionTimer(
    IGrainFactory grains, IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionTimer> logger) : BackgroundService
{
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan TouchTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Period == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.Period < LongestPeriod ? options.Value.Period : LongestPeriod, time);
        try
        {
            do
            {
                await Touch(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo ends, or could not begin.
        }
    }

    private async Task Touch(CancellationToken stoppingToken)
    {
        try
        {
            await grains.GetGrain<IRetentionControl>(IRetentionControl.Key).Touch().WaitAsync(TouchTimeout, stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The site's retention could not be reached, and is tried again in a moment: {Reason}")]
    private partial void LogFailed(string reason);
}
