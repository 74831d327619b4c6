using System.Net;
using System.Net.Sockets;
using OrleansEdge.LocalCluster.Processes;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Processes;

public sealed class FreePortsTests
{
    [Fact]
    public void Port_in_use_is_passed_over()
    {
        using var listener = Listen();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var chosen = FreePorts.Choose(3, start: port - 15_000);

        Assert.DoesNotContain(port, chosen);
        Assert.Equal(3, chosen.Distinct().Count());
    }

    [Fact]
    public void Port_is_never_chosen_twice()
    {
        var start = Environment.ProcessId;

        Assert.Empty(FreePorts.Choose(3, start).Intersect(FreePorts.Choose(3, start)));
    }

    /// <summary>Listens where ports are looked for: below those that the system gives away.</summary>
    private static TcpListener Listen()
    {
        for (var port = 20_000; ; port++)
        {
            var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return listener;
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }
    }
}
