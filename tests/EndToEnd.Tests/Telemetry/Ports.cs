using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.EndToEnd.Tests.Telemetry;

/// <summary>Free ports, each given once, below the range from which the system takes those of outgoing connections.</summary>
internal static class Ports
{
    private static int _next = 20_000 + (Environment.ProcessId % 5_000);

    public static int Take()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _next);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there: the next one.
            }
        }
    }
}
