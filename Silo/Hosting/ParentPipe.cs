namespace OrleansEdge.Silo.Hosting;

/// <summary>
/// Ends this process when its standard input ends, where <see cref="Variable"/> is set: a program that starts a whole site takes it along,
/// however that program dies.
/// </summary>
internal sealed class ParentPipe(IHostApplicationLifetime lifetime) : BackgroundService
{
    private const string Variable = "ORLEANSEDGE_PARENT_PIPE";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1")
        {
            return;
        }

        await using var input = Console.OpenStandardInput();
        var buffer = new byte[1];

        // A read of standard input cannot be called off, and a silo that was told to stop otherwise must not wait for it.
        while (await input.ReadAsync(buffer, stoppingToken).AsTask().WaitAsync(stoppingToken) > 0)
        {
            // What the parent writes does not matter; that it is there does.
        }

        lifetime.StopApplication();
    }
}
