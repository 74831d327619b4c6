using System.IO.Pipelines;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Silo;

/// <summary>A silo that is told to stop, as a process.</summary>
[Trait("Category", "EndToEnd")]
public sealed class StopTests
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_silo_stops_in_good_order_within_ten_seconds_though_a_request_never_ends()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var site = new TestSite();
        await using var silo = await site.StartSilo(new Dictionary<string, string>(), cancellation);
        using var http = new HttpClient(new OperatorCredentialHandler(new SocketsHttpHandler())) { BaseAddress = site.Address };
        Assert.Equal("ok", await http.GetStringAsync("/health/live", cancellation));

        var body = new Pipe();
        using var endless = new StreamContent(body.Reader.AsStream());
        var request = http.PutAsync("/api/content", endless, cancellation);
        await body.Writer.WriteAsync(new byte[1 << 20], cancellation);

        var began = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await silo.Terminate(cancellation));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, LongestStop);

        await body.Writer.CompleteAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => request);
    }
}
