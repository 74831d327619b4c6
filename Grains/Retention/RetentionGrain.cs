using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace OrleansEdge.Grains.Retention;

/// <summary>Runs the site's retention from time to time, on one silo of all; every silo touches it.</summary>
[Reentrant]
internal sealed partial class RetentionGrain(
    IGrainContext context, SiteRetention retention, TimeProvider time, IOptions<RetentionOptions> options, ILogger<RetentionGrain> logger)
    : IGrainBase, IRetentionControl, IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private DateTimeOffset? _begunAt;
    private Task _run = Task.CompletedTask;

    public IGrainContext GrainContext => context;

    public Task Touch()
    {
        var now = time.GetUtcNow();
        var isDue = options.Value.Period > TimeSpan.Zero && (_begunAt is not { } begun || now - begun >= options.Value.Period);
        if (isDue && _run.IsCompleted)
        {
            _begunAt = now;
            _run = Run();
        }

        return Task.CompletedTask;
    }

    async Task IGrainBase.OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        await _run.WaitAsync(cancellationToken);
    }

    public void Dispose() => _ending.Dispose();

    private async Task Run()
    {
        // Not part of the call that happened to set it off.
        Activity.Current = null;
        try
        {
            await retention.Run(_ending.Token);
        }
        catch (Exception exception)
        {
            if (!_ending.IsCancellationRequested)
            {
                LogFailed(exception.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "What need not be kept could not be deleted, and is looked for again later: {Reason}")]
    private partial void LogFailed(string reason);
}
