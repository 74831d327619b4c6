namespace OrleansEdge.Silo.Hosting;

/// <summary>What an orchestrator asks a silo: whether to start it again, and whether to send others to it.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this WebApplication app)
    {
        // Nothing that a restart would not mend: a silo without its store or its Redis waits for them.
        app.MapGet("/health/live", () => "ok").AllowAnonymous();
        app.MapGet("/health/ready", Ready).AllowAnonymous();
    }

    private static async Task<IResult> Ready(SiteReadiness readiness, CancellationToken cancellation) => await readiness.FindObstacle(cancellation) is { } obstacle
        ? Results.Text($"not ready: {obstacle}", statusCode: StatusCodes.Status503ServiceUnavailable)
        : Results.Text("ok");
}
