using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Silo.Hosting.Security;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

public sealed class FailureLimiterTests
{
    private static readonly IPAddress Guesser = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.8");

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", "::ffff:192.0.2.8")]
    public void Addresses_that_one_host_can_have_wait_together(string guesser, string same, string other)
    {
        var limiter = new FailureLimiter(new FakeTimeProvider());
        for (var failure = 0; failure < FailureLimiter.MostFailures; failure++)
        {
            limiter.Fail(IPAddress.Parse(failure % 2 == 0 ? guesser : same));
        }

        Assert.True(limiter.IsBlocked(IPAddress.Parse(guesser)));
        Assert.True(limiter.IsBlocked(IPAddress.Parse(same)));
        Assert.False(limiter.IsBlocked(IPAddress.Parse(other)));
    }

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
