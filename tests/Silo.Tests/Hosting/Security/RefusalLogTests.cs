using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Silo.Hosting.Security;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

public sealed class RefusalLogTests
{
    private readonly RecordingAudit _audit = new();
    private readonly LineLogger<RefusalLog> _logger = new();

    [Fact]
    public void What_a_stranger_writes_into_its_certificate_neither_fills_nor_commands_anything()
    {
        var log = new RefusalLog(_audit, new FakeTimeProvider(), _logger);

        log.Refused("gateway", new IPEndPoint(IPAddress.Loopback, 40_000), null, $"the certificate of 'CN=\r\u001b[2J{new string('x', 50_000)}' is not valid");

        Assert.All([Assert.Single(_logger.Lines), Assert.Single(_audit.Denials).Detail!], text =>
        {
            Assert.InRange(text.Length, 1, 400);
            Assert.All(text, character => Assert.True(character == '\uFFFD' || PrintableText.IsPrintable(character)));
        });
    }
}
