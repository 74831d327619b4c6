using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Silo.Hosting.Clustering;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Whether others may be sent to this silo: it is an active member of its cluster, is not stopping, its grains answer, and its store can be read.</summary>
internal sealed partial class SiteReadiness(
    SiteMembers members, JobRecords records, IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SiteReadiness> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Of a content that is nowhere: only that the question is answered counts.</summary>
    private static readonly string SomeContent = ContentHash.Of([]).ToString();

    private string? _told;

    /// <summary>Why it is not, in a sentence for anybody; null if it is. What only those who run the site should know is in the log, once.</summary>
    public async Task<string?> FindObstacle(CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return "the silo is stopping.";
        }

        if (!members.IsActive)
        {
            return "the silo has not joined its cluster.";
        }

        var obstacle = await Ask("store", () => records.ListActive(cancellation), cancellation)
            ?? await Ask("grains", () => grains.GetGrain<IContentGrain>(SomeContent).GetLength(cancellation).AsTask(), cancellation);
        if (obstacle is null)
        {
            _told = null;
        }

        return obstacle;
    }

    private async Task<string?> Ask(string part, Func<Task> ask, CancellationToken cancellation)
    {
        try
        {
            await ask().WaitAsync(Limit, time, cancellation);
            return null;
        }
        catch (TimeoutException)
        {
            return Tell(part, $"did not answer within {Limit.TotalSeconds:0} s", "");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Tell(part, "cannot be asked", $": {exception.Message}");
        }
    }

    private string Tell(string part, string trouble, string reason)
    {
        if (_told != reason + part)
        {
            _told = reason + part;
            LogNotReady(part, trouble, reason);
        }

        return $"the site's {part} {trouble}: see this silo's log.";
    }

    [LoggerMessage(LogLevel.Warning, "This silo is not ready: the site's {Part} {Trouble}{Reason}")]
    private partial void LogNotReady(string part, string trouble, string reason);
}
