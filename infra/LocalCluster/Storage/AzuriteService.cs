using System.Net;
using System.Net.Sockets;
using OrleansEdge.Azurite;
using OrleansEdge.LocalCluster.Faults;
using OrleansEdge.LocalCluster.Processes;
using OrleansEdge.LocalCluster.Runs;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.LocalCluster.Storage;

/// <summary>The store of a site as it would be in Azure: an Azurite of its own, which keeps what it acknowledges in the work folder.</summary>
internal static class AzuriteService
{
    private const string Name = "azurite";
    private const int PortAttempts = 3;

    /// <summary>Ports of silos and of the membership are looked for elsewhere.</summary>
    private const int FirstAttempt = 200;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts it and waits until it listens; installs it before, if that was never done.</summary>
    /// <param name="group">Where its process belongs.</param>
    /// <param name="work">The site's folder.</param>
    /// <param name="faults">What may happen to it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="prefix">What its name begins with, where there are several sites.</param>
    /// <exception cref="ClusterException">It cannot be had, or does not start.</exception>
    public static async Task<SiteService> Start(
        ProcessGroup group, WorkFolder work, FaultRecord faults, TimeProvider time, CancellationToken cancellation, string prefix = "")
    {
        var installation = await Require(cancellation);
        var accounts = new AzuriteAccounts(1);
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePorts.Choose(1, FreePorts.StartOf(FirstAttempt + attempt))[0];
            var start = new ProcessStart(prefix + Name, installation.Node, installation.Arguments(work.FolderOfService(Name), port), work.Temporary)
            {
                Environment = new Dictionary<string, string> { [AzuriteAccounts.Variable] = accounts.Value },
            };
            var process = group.Start(start, (again, end) => faults.Explains(end.Id, isSilo: false) ? again : null);
            try
            {
                await WaitUntilItListens(process, port, time, cancellation);
                return new(process, $"127.0.0.1:{port}", ["--store", "azure"], new Dictionary<string, string>
                {
                    ["ORLEANSEDGE_STORE_CONNECTION"] = accounts.ConnectionString(0, port),
                });
            }
            catch (ClusterException exception) when (attempt < PortAttempts && exception.Message.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                await group.End(process);
            }
        }
    }

    private static async Task<AzuriteInstallation> Require(CancellationToken cancellation)
    {
        try
        {
            return await AzuriteInstallation.Require(cancellation);
        }
        catch (AzuriteException exception)
        {
            throw new ClusterException(exception.Message);
        }
    }

    private static async Task WaitUntilItListens(ManagedProcess process, int port, TimeProvider time, CancellationToken cancellation, string prefix = "")
    {
        var asked = time.GetTimestamp();
        while (!await Listens(port, cancellation))
        {
            if (process.Completion.IsCompleted)
            {
                await process.Completion;
            }

            if (time.GetElapsedTime(asked) > StartPatience)
            {
                throw new ClusterException($"Azurite does not listen after {StartPatience.TotalSeconds:0} seconds: its log is {process.Log.Path}.");
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    private static async Task<bool> Listens(int port, CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
