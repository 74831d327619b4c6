using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Tests.Web;

namespace OrleansEdge.Silo.Tests.Hosting.Clustering;

/// <summary>A Redis of a test's own, in memory.</summary>
internal sealed class TestRedis : IAsyncDisposable
{
    private readonly Process _process;

    private TestRedis(Process process, int port)
    {
        _process = process;
        Address = new("127.0.0.1", port);
    }

    public RedisAddress Address { get; }

    /// <summary>Starts one; skips the test where it is not installed.</summary>
    public static async Task<TestRedis> Start(string? password = null)
    {
        var port = TestSite.FreePort();
        string[] arguments =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", .. password is null ? [] : new[] { "--requirepass", password },
        ];
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("redis-server is not installed: apt-get install redis-server.");
            throw;
        }

        var redis = new TestRedis(process, port);
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Ready to accept connections", StringComparison.Ordinal))
        {
            // It says so when it listens.
        }

        _ = process.StandardOutput.ReadToEndAsync();
        return redis;
    }

    /// <summary>Something else that listens, and says this to whoever connects.</summary>
    public static (TcpListener Listener, RedisAddress Address) Impostor(string answer)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Answer();
        return (listener, new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port));

        async Task Answer()
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
