using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Silo.Tests.Hosting;

public sealed class SiteExitTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly TaskCompletionSource _running = new();

    private SiteExit Exit => new(_lifetime, _time);

    [Fact]
    public async Task Site_that_stops_has_stopped()
    {
        var stopped = Exit.HasStopped(_running.Task);
        _lifetime.StopApplication();
        _running.SetResult();

        Assert.True(await stopped);
    }

    [Fact]
    public async Task Site_that_runs_is_waited_for_however_long_and_its_failure_is_told()
    {
        var stopped = Exit.HasStopped(_running.Task);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(stopped.IsCompleted);
        _running.SetException(new TimeoutException("its own"));

        Assert.Equal("its own", (await Assert.ThrowsAsync<TimeoutException>(() => stopped)).Message);
    }

    [Fact]
    public async Task Site_that_was_told_to_stop_and_does_not_is_waited_for_until_the_time_is_up()
    {
        _lifetime.StopApplication();
        var stopped = Exit.HasStopped(_running.Task);
        _time.Advance(SiteExit.ShutdownTimeout + SiteExit.Grace - TimeSpan.FromSeconds(1));
        Assert.False(stopped.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await stopped);
    }
}
