using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.EdgeAgent.Tests.Connection;

public sealed class ContractVersionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(SiteDescription.CurrentContractVersion + 1)]
    public async Task A_site_of_another_contract_is_refused_with_a_sentence(int version)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        // What a newer site says besides is passed over.
        var answering = Answer(listener, JsonSerializer.Serialize(new
        {
            name = "harbour",
            clusterId = "harbour",
            serviceId = "orleansedge",
            gateways = Array.Empty<string>(),
            contractVersion = version,
            novelty = true,
        }));

        var refused = await Assert.ThrowsAsync<ParticipantRefusedException>(() => SiteConnection.Open(
            [new($"http://{listener.LocalEndpoint}/")], null, ProcessFaults.None, TimeProvider.System, NullLogger.Instance, null, TestContext.Current.CancellationToken));

        Assert.Equal(
            $"the site 'harbour' speaks version {version} of the contract and this agent speaks version {SiteDescription.CurrentContractVersion}: "
            + "install the same release on both.", refused.Message);
        await answering;
    }

    private static async Task Answer(TcpListener listener, string json)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        var request = new byte[4096];
        _ = await stream.ReadAsync(request, TestContext.Current.CancellationToken);
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\nConnection: close\r\n\r\n{json}"),
            TestContext.Current.CancellationToken);
    }
}
