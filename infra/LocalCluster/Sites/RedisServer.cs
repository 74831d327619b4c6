using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>The membership of a site with several silos: a Redis of its own, which writes every change to the work folder.</summary>
internal static class RedisServer
{
    private const string Name = "redis";
    private const string Program = "redis-server";
    private const int PortAttempts = 3;

    /// <summary>Ports of silos are looked for elsewhere.</summary>
    private const int FirstAttempt = 100;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="group">Where its process belongs.</param>
    /// <param name="work">The site's folder.</param>
    /// <param name="faults">What may happen to it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="prefix">What its name begins with, where there are several sites.</param>
    /// <exception cref="ClusterException">It is not installed, or does not start.</exception>
    public static async Task<SiteService> Start(
        ProcessGroup group, WorkFolder work, FaultRecord faults, TimeProvider time, CancellationToken cancellation, string prefix = "")
    {
        RequireInstalled();
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePorts.Choose(1, FreePorts.StartOf(FirstAttempt + attempt))[0];
            var process = group.Start(
                ProcessStart.OfOthers(prefix + Name, Program, Arguments(port, work.FolderOfService(Name)), work.Temporary),
                (start, end) => faults.Explains(end.Id, isSilo: false) ? start : null);
            try
            {
                await WaitUntilItAnswers(process, port, time, cancellation);
                return new(process, $"127.0.0.1:{port}", ["--cluster", $"redis://127.0.0.1:{port}"], new Dictionary<string, string>());
            }
            catch (ClusterException exception) when (attempt < PortAttempts && exception.Message.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                await group.End(process);
            }
        }
    }

    private static string[] Arguments(int port, string folder) =>
    [
        "--port", port.ToString(CultureInfo.InvariantCulture),
        "--bind", "127.0.0.1",
        "--dir", folder,
        "--appendonly", "yes",
        "--appendfsync", "always",
        "--save", "",
        "--daemonize", "no",
    ];

    private static void RequireInstalled()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Program, "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            throw new ClusterException($"Several silos need Redis for their membership, and {Program} is not installed: apt-get install redis-server.");
        }
    }

    private static async Task WaitUntilItAnswers(ManagedProcess process, int port, TimeProvider time, CancellationToken cancellation, string prefix = "")
    {
        var asked = time.GetTimestamp();
        while (!await Answers(port, cancellation))
        {
            if (process.Completion.IsCompleted)
            {
                await process.Completion;
            }

            if (time.GetElapsedTime(asked) > StartPatience)
            {
                throw new ClusterException($"Redis does not answer after {StartPatience.TotalSeconds:0} seconds: its log is {process.Log.Path}.");
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    private static async Task<bool> Answers(int port, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellation);
            var answer = new byte[5];
            await stream.ReadExactlyAsync(answer, cancellation);
            return Encoding.ASCII.GetString(answer) == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
