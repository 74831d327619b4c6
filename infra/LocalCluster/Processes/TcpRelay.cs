using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.LocalCluster.Processes;

/// <summary>Stands between a process and a service of it, so that the two can be cut off from each other.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly int target;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly HashSet<TcpClient> open = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;
    private DateTimeOffset until;

    private TcpRelay(TcpListener listener, int target, TimeProvider time)
    {
        this.listener = listener;
        this.target = target;
        this.time = time;
        accepting = Accept();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Begins to listen on a port of the system's choice, on this machine only.</summary>
    /// <param name="target">The port that all goes to.</param>
    /// <param name="time">The clock.</param>
    public static TcpRelay Start(int target, TimeProvider time)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new(listener, target, time);
    }

    /// <summary>Breaks all connections and refuses new ones for a while.</summary>
    public void Cut(TimeSpan duration)
    {
        lock (gate)
        {
            until = time.GetUtcNow() + duration;
            Break();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            Break();
        }

        stop.Dispose();
    }

    private async Task Accept()
    {
        while (true)
        {
            var near = await listener.AcceptTcpClientAsync(stop.Token);
            _ = Relay(near);
        }
    }

    private async Task Relay(TcpClient near)
    {
        using var far = new TcpClient();
        using (near)
        {
            try
            {
                if (TryOpen(near, far))
                {
                    await far.ConnectAsync(IPAddress.Loopback, target, stop.Token);
                    near.NoDelay = far.NoDelay = true;
                    await Task.WhenAny(Copy(near, far), Copy(far, near));
                }
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // Either side is gone, which the other one sees.
            }
            finally
            {
                lock (gate)
                {
                    open.Remove(near);
                    open.Remove(far);
                }
            }
        }
    }

    private async Task Copy(TcpClient from, TcpClient to)
    {
        await from.GetStream().CopyToAsync(to.GetStream(), stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        to.Client.Shutdown(SocketShutdown.Send);
    }

    private bool TryOpen(params TcpClient[] clients)
    {
        lock (gate)
        {
            if (time.GetUtcNow() < until)
            {
                return false;
            }

            open.UnionWith(clients);
            return true;
        }
    }

    private void Break()
    {
        foreach (var client in open)
        {
            client.Dispose();
        }

        open.Clear();
    }
}
