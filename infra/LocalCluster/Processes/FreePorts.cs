using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.LocalCluster.Processes;

/// <summary>
/// Chooses ports on which nobody listens. They lie below the range from which the system takes the ports of outgoing connections:
/// a device that calls a silo which is down could otherwise be given the silo's own port, and keep it. No port is chosen twice, since whoever
/// got it may not listen yet.
/// </summary>
internal static class FreePorts
{
    private const int Lowest = 15_000;
    private const int UsualHighest = 32_767;
    private static readonly HashSet<int> Given = [];
    private static readonly Lock Gate = new();
    private const string EphemeralRange = "/proc/sys/net/ipv4/ip_local_port_range";

    /// <summary>Where this process begins to search, another place for each attempt.</summary>
    public static int StartOf(int attempt) => (Environment.ProcessId * 7) + (attempt * 1000);

    /// <summary>Chooses different ports; another process can still take one before it is used.</summary>
    /// <param name="count">How many.</param>
    /// <param name="start">Where to begin to search, any number from 0: different ones make collisions unlikely.</param>
    /// <exception cref="ClusterException">There are not so many.</exception>
    public static IReadOnlyList<int> Choose(int count, int start)
    {
        var span = Highest() - Lowest + 1;
        var ports = new List<int>();
        lock (Gate)
        {
            for (var step = 0; step < span && ports.Count < count; step++)
            {
                var port = Lowest + (int)(((long)start + step) % span);
                if (!Given.Contains(port) && IsFree(port))
                {
                    ports.Add(port);
                }
            }

            Given.UnionWith(ports);
        }

        return ports.Count == count ? ports
            : throw new ClusterException("There are not enough free ports on this machine: end some programs that listen.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int Highest()
    {
        try
        {
            var first = int.Parse(File.ReadAllText(EphemeralRange).Split()[0], CultureInfo.InvariantCulture);
            return first > Lowest + 1000 ? first - 1 : UsualHighest;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return UsualHighest;
        }
    }
}
