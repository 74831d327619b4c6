using System.Net;
using System.Net.Sockets;
using OrleansEdge.Participation.Doctor;

namespace OrleansEdge.EdgeAgent.Tests.Doctor;

/// <summary>A machine on which nothing is real but the disk.</summary>
internal static class TestMachine
{
    /// <summary>What its clock says, always.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>All is well.</summary>
    public static Machine Sound { get; } = new()
    {
        Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Parse("192.0.2.7") }),
        Connect = (_, _, _) => Task.CompletedTask,
        Proxy = new WebProxy(),
        Variable = _ => null,
        FreeSpace = _ => 1L << 40,
        Memory = () => 8L << 30,
        Time = new StandingClock(Now),
    };

    /// <summary>What a network says where there is nobody.</summary>
    public static Exception Refused => new SocketException((int)SocketError.ConnectionRefused);

    /// <summary>The one finding of a check.</summary>
    public static async Task<Finding> Only(IDoctorCheck check) => Assert.Single(await check.Look(TestContext.Current.CancellationToken));

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

/// <summary>Answers all requests in the same way.</summary>
internal sealed class TestHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
}
