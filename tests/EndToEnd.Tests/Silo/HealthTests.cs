using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansEdge.Azurite;
using OrleansEdge.EndToEnd.Tests.Telemetry;

namespace OrleansEdge.EndToEnd.Tests.Silo;

/// <summary>What an orchestrator hears of a silo, as a process.</summary>
[Trait("Category", "EndToEnd")]
public sealed class HealthTests : IDisposable
{
    private readonly string _blobs = Directory.CreateTempSubdirectory("orleansedge-health-").FullName;
    private readonly HttpClient _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_blobs, recursive: true);
    }

    [Fact]
    public async Task A_silo_is_not_ready_while_its_store_is_away_and_alive_all_the_time()
    {
        await using var azurite = await StartAzurite();
        using var site = new TestSite { Store = "azure" };
        await using var silo = await site.StartSilo(
            new Dictionary<string, string> { ["ORLEANSEDGE_STORE_CONNECTION"] = azurite.NewAccount() }, Cancellation);
        await WaitUntilReady(site);

        await azurite.Kill();
        var told = silo.WaitForLine("This silo is not ready: the site's store", Cancellation);
        var (away, reason) = await Ask(site, "ready");
        await told;
        Assert.Equal((HttpStatusCode.OK, "ok"), await Ask(site, "live"));
        await azurite.Start(Cancellation);
        await WaitUntilReady(site);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, away);
        Assert.Matches("^not ready: the site's store (cannot be asked|did not answer within 3 s): see this silo's log.$", reason);
        Assert.Equal(0, await silo.Terminate(Cancellation));
    }

    [Fact]
    public async Task A_silo_that_is_stopping_is_not_ready()
    {
        using var site = new TestSite();
        await using var silo = await site.StartSilo(new Dictionary<string, string>(), Cancellation);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, site.Address.Port, Cancellation);
        await using var stream = client.GetStream();
        using var answers = new StreamReader(stream, Encoding.ASCII);

        // A silo that stops takes no new connection, and no new request: only one that has come in part is answered.
        const string Request = "GET /health/ready HTTP/1.1\r\nHost: silo\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Request}\r\n{Request}"), Cancellation);
        Assert.Equal(("HTTP/1.1 200 OK", "ok"), await ReadAnswer(answers));
        var stopping = silo.WaitForLine("Application is shutting down", Cancellation);
        var ended = silo.Terminate(Cancellation);
        await stopping;
        await stream.WriteAsync("\r\n"u8.ToArray(), Cancellation);

        Assert.Equal(("HTTP/1.1 503 Service Unavailable", "not ready: the silo is stopping."), await ReadAnswer(answers));
        Assert.Equal(0, await ended);
    }

    private async Task<AzuriteServer> StartAzurite()
    {
        try
        {
            return await AzuriteServer.Start(_blobs, Cancellation);
        }
        catch (AzuriteException exception)
        {
            Assert.Skip(exception.Message);
            throw;
        }
    }

    /// <summary>A busy machine may be slower than the silo waits for its own store; a silo that is never ready never ends this.</summary>
    private async Task WaitUntilReady(TestSite site)
    {
        while (await Ask(site, "ready") is not (HttpStatusCode.OK, "ok"))
        {
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> Ask(TestSite site, string question)
    {
        using var answer = await _http.GetAsync(new Uri(site.Address, $"/health/{question}"), Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<(string Status, string Text)> ReadAnswer(StreamReader answers)
    {
        const string Length = "Content-Length: ";
        var status = await answers.ReadLineAsync(Cancellation) ?? "";
        var length = 0;
        while (await answers.ReadLineAsync(Cancellation) is { Length: > 0 } header)
        {
            length = header.StartsWith(Length, StringComparison.Ordinal) ? int.Parse(header[Length.Length..], CultureInfo.InvariantCulture) : length;
        }

        var text = new char[length];
        await answers.ReadBlockAsync(text, Cancellation);
        return (status, new(text));
    }
}
