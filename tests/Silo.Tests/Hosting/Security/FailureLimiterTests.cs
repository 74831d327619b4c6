using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Silo.Hosting.Security;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

public sealed class FailureLimiterTests
{
    private static readonly IPAddress Guesser = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.8");

    [Fact]
    public void Address_that_guesses_has_to_wait_and_others_do_not()
    {
        var time = new FakeTimeProvider();
        var limiter = new FailureLimiter(time);
        for (var failure = 0; failure < FailureLimiter.MostFailures; failure++)
        {
            Assert.False(limiter.IsBlocked(Guesser));
            limiter.Fail(Guesser);
        }

        Assert.True(limiter.IsBlocked(Guesser));
        Assert.False(limiter.IsBlocked(Other));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(limiter.IsBlocked(Guesser));
        limiter.Fail(Guesser);
        Assert.False(limiter.IsBlocked(Guesser));
    }
}
