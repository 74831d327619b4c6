using System.Buffers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Tests.Commands;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>The secured ports of a site, with a clock of their own, and clients that come to them.</summary>
internal sealed class TlsSite : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly List<X509Certificate2> _kept = [];

    public TlsSite()
    {
        Files = new(Path.Combine(_folder.Path, "certificates"));
        Files.Init(SiteName.Parse("harbour"), null, Now);
        Certificates = SiteCertificates.Open(Files, SiteName.Parse("harbour"), ["127.0.0.1"], Time);
        Connections = new(Revocations, Time);
        Gate = new(MakeGate("gateway", CertificateRole.Device, CertificateRole.Site));
        Port = new(new TlsServer(() => Certificates.Credentials, Gate, Time));
        SiloPort = new(new TlsServer(() => Certificates.Credentials, new RecordingGate(MakeGate("port for silos", CertificateRole.Silo)), Time));
    }

    public FakeTimeProvider Time { get; } = new(Now);

    public RevocationList Revocations { get; } = new();

    public LiveConnections Connections { get; }

    public CertificateFolder Files { get; }

    public SiteCertificates Certificates { get; }

    /// <summary>What is asked about clients at <see cref="Port"/>.</summary>
    public RecordingGate Gate { get; }

    /// <summary>The gateway's port.</summary>
    public TestPort Port { get; }

    /// <summary>The port where only silos come in.</summary>
    public TestPort SiloPort { get; }

    public async ValueTask DisposeAsync()
    {
        await Port.DisposeAsync();
        await SiloPort.DisposeAsync();
        _kept.ForEach(certificate => certificate.Dispose());
        _folder.Dispose();
    }

    public TlsClient Client(TlsCredentials credentials) => new(() => credentials, "harbour", sentence => Assert.Fail(sentence), Time);

    public TlsCredentials Credentials(X509Certificate2 certificate) =>
        TlsCredentials.Of(certificate, [.. Certificates.Credentials.Intermediates], [.. Certificates.Credentials.Authorities]);

    public X509Certificate2 Device(string id, TimeSpan? lifetime = null)
    {
        using var key = CertificateIssuer.CreateKey();
        using var certificate = Certificates.Issue(ParticipantId.Parse(id), new PublicKey(key), Time.GetUtcNow(), lifetime ?? TimeSpan.FromDays(30));
        return Keep(certificate.CopyWithPrivateKey(key));
    }

    public X509Certificate2 Keep(X509Certificate2 certificate)
    {
        _kept.Add(certificate);
        return certificate;
    }

    public static async Task<byte[]> Echo(ConnectionContext connection, byte[] bytes)
    {
        var writing = connection.Transport.Output.WriteAsync(bytes).AsTask();
        var read = await connection.Transport.Input.ReadAtLeastAsync(bytes.Length, TestContext.Current.CancellationToken);
        var echoed = read.Buffer.Slice(0, bytes.Length).ToArray();
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
        await writing;
        return echoed;
    }

    public static async Task Closed(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken) > 0)
            {
                // An alert may come first.
            }
        }
        catch (SocketException)
        {
            // It broke.
        }
    }

    private PeerGate MakeGate(string name, params CertificateRole[] roles) =>
        new(name, [.. roles], Certificates, Revocations, Connections, new RefusalLog(new RecordingAudit(), Time, NullLogger<RefusalLog>.Instance));
}
