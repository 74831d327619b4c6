namespace OrleansEdge.Silo.Hosting;

/// <summary>Keeps a long download from using up the time in which a silo that stops hands over its grains.</summary>
internal static class RequestDrain
{
    /// <summary>How long requests may go on when the silo has been told to stop; the grains have the rest of the time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Cuts requests off that go on for longer.</summary>
    public static void CutRequestsWhenStopping(this WebApplication app)
    {
        var cut = new CancellationTokenSource();
        app.Lifetime.ApplicationStopping.Register(() => cut.CancelAfter(Grace));
        app.Use(async (context, next) =>
        {
            using var registration = cut.Token.Register(context.Abort);
            await next(context);
        });
    }
}
