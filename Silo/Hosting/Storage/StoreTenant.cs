using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Silo.Hosting.Storage;

/// <summary>Says again and again that this cluster works on its store, and ends the silo when another one does.</summary>
internal sealed partial class StoreTenant(StoreTenancy tenancy, SiteOptions options, SiteExit exit, TimeProvider time, ILogger<StoreTenant> logger)
    : BackgroundService
{
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(2);

    private string? _trouble;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(StoreTenancy.RenewalPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await tenancy.Renew(stoppingToken) is { } other)
                {
                    LogTaken(other);
                    exit.StopToStartAgain();
                    return;
                }

                _trouble = null;
            }
            catch (BlobStoreException exception)
            {
                // While the store is away nobody else can take it either.
                Report(exception);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (options.Cluster is not null)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReleaseLimit);
        try
        {
            await tenancy.Release(limit.Token);
        }
        catch (Exception exception) when (exception is BlobStoreException or OperationCanceledException)
        {
            LogAway(exception.Message);
        }
    }

    /// <summary>What does not pass by itself is said once.</summary>
    private void Report(BlobStoreException exception)
    {
        if (exception.IsPassing || exception.Message == _trouble)
        {
            LogAway(exception.Message);
            return;
        }

        _trouble = exception.Message;
        LogTrouble(exception.Message);
    }

    [LoggerMessage(LogLevel.Error, "The store could not be told that this cluster is there: {Reason}")]
    private partial void LogTrouble(string reason);

    [LoggerMessage(LogLevel.Error, "Another cluster of this site, at {Place}, has taken the store while this silo was silent: this silo ends and must be "
        + "started again")]
    private partial void LogTaken(string place);

    [LoggerMessage(LogLevel.Debug, "The store could not be told that this cluster is there: {Reason}")]
    private partial void LogAway(string reason);
}
