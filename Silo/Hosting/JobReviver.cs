using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;

namespace OrleansEdge.Silo.Hosting;

/// <summary>
/// Touches every unfinished job at start and every few seconds, so that a job goes on after a restart without waiting for a reminder or
/// for a participant.
/// </summary>
internal sealed partial class JobReviver(IGrainFactory grains, JobRecords records, TimeProvider time, ILogger<JobReviver> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan TouchTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                await TouchAll(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo ends, or could not begin.
        }
    }

    private async Task TouchAll(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var job in await records.ListActive(stoppingToken))
            {
                await grains.GetGrain<IJobControl>(job.Value).Touch().WaitAsync(TouchTimeout, stoppingToken);
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Unfinished jobs could not be looked after, and are tried again in a moment: {Reason}")]
    private partial void LogFailed(string reason);
}
