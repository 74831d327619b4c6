using System.Net;
using System.Net.Sockets;
using OrleansEdge.LocalCluster.Processes;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Processes;

public sealed class FreePortsTests
{
    [Fact]
    public void Port_in_use_is_passed_over()
    {
        var start = Environment.ProcessId;
        var first = FreePorts.Choose(1, start)[0];
        using var listener = new TcpListener(IPAddress.Loopback, first);
        listener.Start();

        var chosen = FreePorts.Choose(3, start);

        Assert.DoesNotContain(first, chosen);
        Assert.Equal(3, chosen.Distinct().Count());
    }
}
