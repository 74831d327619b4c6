using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Silo.Hosting.Clustering;

namespace OrleansEdge.Silo.Hosting;

/// <summary>What an orchestrator asks a silo: whether to start it again, and whether to send others to it.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Of a content that is nowhere: only that the question is answered counts.</summary>
    private static readonly string SomeContent = ContentHash.Of([]).ToString();

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this WebApplication app)
    {
        // Nothing that a restart would not mend: a silo without its store or its Redis waits for them.
        app.MapGet("/health/live", () => "ok").AllowAnonymous();
        app.MapGet("/health/ready", Ready).AllowAnonymous();
    }

    /// <summary>Ready: an active member of its cluster that is not stopping, whose grains answer, and whose store can be read.</summary>
    private static async Task<IResult> Ready(
        SiteMembers members, JobRecords records, IGrainFactory grains, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return NotReady("the silo is stopping.");
        }

        if (!members.IsActive)
        {
            return NotReady("the silo has not joined its cluster.");
        }

        try
        {
            await records.ListActive(cancellation).WaitAsync(ReadyTimeout, cancellation);
            await grains.GetGrain<IContentGrain>(SomeContent).GetLength(cancellation).AsTask().WaitAsync(ReadyTimeout, cancellation);
            return Results.Text("ok");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return NotReady(exception.Message);
        }
    }

    private static IResult NotReady(string reason) => Results.Text($"not ready: {reason}", statusCode: StatusCodes.Status503ServiceUnavailable);
}
