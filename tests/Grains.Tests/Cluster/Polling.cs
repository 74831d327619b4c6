namespace OrleansEdge.Grains.Tests.Cluster;

/// <summary>Waits for what gives no event, within bounds.</summary>
internal static class Polling
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(15);

    public static async Task Until(Func<Task<bool>> condition, string what, double seconds = 30)
    {
        using var timer = new PeriodicTimer(Step, TimeProvider.System);
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds, $"waited {seconds} s in vain for: {what}");
            await timer.WaitForNextTickAsync();
        }
    }

    public static Task Until(Func<bool> condition, string what, double seconds = 30) => Until(() => Task.FromResult(condition()), what, seconds);

    public static async Task Pause(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Step, TimeProvider.System);
        await timer.WaitForNextTickAsync(cancellation);
    }
}
