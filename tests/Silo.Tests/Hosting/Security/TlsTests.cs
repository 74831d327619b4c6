using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Tests.Commands;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>Who comes in at a silo's ports, over real sockets.</summary>
public sealed class TlsTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Now);
    private readonly RevocationList _revocations = new();
    private readonly LiveConnections _connections;
    private readonly CertificateFolder _files;
    private readonly SiteCertificates _site;
    private readonly RecordingGate _gate;
    private readonly TestPort _port;
    private readonly TestPort _siloPort;
    private readonly List<X509Certificate2> _certificates = [];

    public TlsTests()
    {
        _files = new(Path.Combine(_folder.Path, "certificates"));
        _files.Init(SiteName.Parse("harbour"), null, Now);
        _site = SiteCertificates.Open(_files, SiteName.Parse("harbour"), ["127.0.0.1"], _time);
        _connections = new(_revocations, _time);
        _gate = new(Gate("gateway", CertificateRole.Device, CertificateRole.Site));
        _port = new(new TlsServer(() => _site.Credentials, _gate, _time));
        _siloPort = new(new TlsServer(() => _site.Credentials, new RecordingGate(Gate("port for silos", CertificateRole.Silo)), _time));
    }

    public async ValueTask DisposeAsync()
    {
        await _port.DisposeAsync();
        await _siloPort.DisposeAsync();
        _certificates.ForEach(certificate => certificate.Dispose());
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task Device_with_a_certificate_of_the_site_comes_in_and_bytes_arrive_as_they_were_sent(int length)
    {
        var sent = RandomNumberGenerator.GetBytes(length);
        await _port.Connect(Client(Credentials(Device("dev7"))), async connection => Assert.Equal(sent, await Echo(connection, sent)));
        Assert.Equal(1, _port.Admitted);
        Assert.Empty(_gate.Refusals);
    }

    [Fact]
    public async Task Silo_comes_in_where_silos_do()
    {
        await _siloPort.Connect(Client(_site.Credentials), async connection => Assert.Equal([7], await Echo(connection, [7])));
        Assert.Equal(1, _siloPort.Admitted);
    }

    [Theory]
    [InlineData("none", "no certificate was shown")]
    [InlineData("other authority", "is not of this federation: another authority issued it")]
    [InlineData("expired", "has expired")]
    [InlineData("revoked", "the device 'dev7' was shut out of this site by its operator")]
    [InlineData("wrong usage", "is not for the end that connects")]
    [InlineData("operator", "'harbour/ada' has no business at the gateway of this site")]
    [InlineData("silo", "'harbour' has no business at the gateway of this site")]
    public async Task Client_that_is_refused_hears_why(string kind, string sentence)
    {
        var heard = new List<string>();
        var credentials = CredentialsOf(kind);
        var client = new TlsClient(() => credentials, "harbour", heard.Add, _time);

        await Assert.ThrowsAsync<ConnectionAbortedException>(() => _port.Connect(client, _ => throw new InvalidOperationException("It came in.")));

        Assert.Contains(sentence, Assert.Single(heard), StringComparison.Ordinal);
        Assert.Contains(sentence, await _gate.NextRefusal(), StringComparison.Ordinal);
        Assert.Equal(0, _port.Admitted);
        await Ended(_connections);
    }

    [Fact]
    public async Task Device_at_the_port_for_silos_is_refused()
    {
        var heard = new List<string>();
        var client = new TlsClient(() => Credentials(Device("dev7")), "harbour", heard.Add, _time);
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => _siloPort.Connect(client, _ => Task.CompletedTask));
        Assert.Contains("'harbour/dev7' has no business at the port for silos", Assert.Single(heard), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_in_clear_is_refused()
    {
        using var socket = await _port.Connect();
        await socket.SendAsync("Orleans says hello in clear, and goes on to say something."u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Contains("does not speak TLS 1.3", await _gate.NextRefusal(), StringComparison.Ordinal);
        await Closed(socket);
        Assert.Equal(0, _port.Admitted);
    }

    [Fact]
    public async Task Client_that_never_finishes_its_handshake_is_let_go()
    {
        using var socket = await _port.Connect();

        // The beginning of a record of a handshake that promises more.
        await socket.SendAsync(new byte[] { 0x16, 0x03, 0x01, 0x10, 0x00, 0x01 }, TestContext.Current.CancellationToken);
        var refusal = _gate.NextRefusal();
        while (!refusal.IsCompleted)
        {
            // The port may not have begun to wait.
            _time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Contains("did not say who it is within 10 seconds", await refusal, StringComparison.Ordinal);
        await Closed(socket);
    }

    [Fact]
    public async Task Connections_that_say_nothing_keep_only_their_own_address_waiting()
    {
        await using var port = new TestPort(new TlsServer(() => _site.Credentials, _gate, _time, mostHandshakes: 16));
        var silent = new List<Socket>();
        try
        {
            for (var number = 0; number < 20; number++)
            {
                silent.Add(await port.Connect());
            }

            // Connections are accepted one after the other, so that those are there when another is served.
            await port.Connect(Client(Credentials(Device("dev7"))), async connection => Assert.Equal([7], await Echo(connection, [7])), IPAddress.Parse("127.0.0.2"));
            Assert.Equal(1, port.Admitted);
            Assert.Empty(_gate.Refusals);

            var neighbour = port.Connect(Client(Credentials(Device("dev8"))), async connection => Assert.Equal([8], await Echo(connection, [8])));
            Assert.False(neighbour.IsCompleted);
            silent.ForEach(socket => socket.Dispose());
            await neighbour;
            Assert.Equal(2, port.Admitted);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Connections_beyond_all_that_may_be_silent_are_turned_away_and_told_why()
    {
        await using var port = new TestPort(new TlsServer(() => _site.Credentials, _gate, _time, mostHandshakes: 8));
        var silent = new List<Socket>();
        try
        {
            for (var number = 1; number <= 9; number++)
            {
                silent.Add(await port.Connect(IPAddress.Parse($"127.0.0.{number}")));
            }
        }
        catch (SocketException) when (silent.Count == 8)
        {
            // Closed before it was open on this side.
        }

        try
        {
            Assert.Equal("too many connections have not said yet who they are: 8 in all, or 1 from its address", await _gate.NextRefusal());
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Client_does_not_speak_to_another_site()
    {
        using var other = new TestAuthority();
        var client = Client(TlsCredentials.Of(other.Device("dev7"), other.Intermediates, other.Authorities));
        var refused = await Assert.ThrowsAsync<ConnectionAbortedException>(() => _port.Connect(client, _ => Task.CompletedTask));
        Assert.Contains("the certificate of 'harbour' is not of this federation", refused.Message, StringComparison.Ordinal);

        var lake = new TlsClient(() => Credentials(Device("dev7")), "lake", _ => { }, _time);
        refused = await Assert.ThrowsAsync<ConnectionAbortedException>(() => _port.Connect(lake, _ => Task.CompletedTask));
        Assert.Contains("'harbour' is at the other end, and no silo of the site 'lake'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revocation_ends_a_connection_that_is_open()
    {
        var device = Device("dev7");
        await _port.Connect(Client(Credentials(device)), async connection =>
        {
            await Echo(connection, [1]);
            _revocations.Update([RevocationOf(device)]);
            await Ended(connection);
        });
        await Ended(_connections);
    }

    [Fact]
    public async Task Connection_ends_with_its_certificate()
    {
        var device = Device("dev7");
        await _port.Connect(Client(Credentials(device)), async connection =>
        {
            await Echo(connection, [1]);
            _time.Advance(TimeSpan.FromDays(29));
            _connections.AbortExpired();
            Assert.Equal([2], await Echo(connection, [2]));
            _time.Advance(TimeSpan.FromDays(2));
            _connections.AbortExpired();
            await Ended(connection);
        });
    }

    [Fact]
    public async Task New_certificates_need_no_restart_and_break_no_connection()
    {
        var first = _site.Credentials.Own.TargetCertificate;
        await _port.Connect(Client(Credentials(Device("dev7"))), async old =>
        {
            await Echo(old, [1]);
            _time.Advance(TimeSpan.FromDays(1));
            Assert.False(_site.Refresh());
            using (var authority = PrivateFiles.ReadWithKey(_files.AuthorityFile, _files.AuthorityKey).Certificate)
            {
                _files.RenewSite(authority, _time.GetUtcNow());
            }

            Assert.True(_site.Refresh());
            Assert.NotEqual(first.Thumbprint, _site.Credentials.Own.TargetCertificate.Thumbprint);
            await _port.Connect(Client(Credentials(Device("dev8"))), async fresh => Assert.Equal([3], await Echo(fresh, [3])));
            Assert.Equal([2], await Echo(old, [2]));
        });
        Assert.Equal(2, _port.Admitted);
    }

    [Fact]
    public void Silo_renews_its_own_certificate_in_time()
    {
        var first = _site.Expires;
        _time.Advance(TimeSpan.FromDays(4));
        Assert.False(_site.Refresh());
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(_site.Refresh());
        Assert.Equal(first.AddDays(5), _site.Expires);
    }

    [Fact]
    public void Folder_that_became_unusable_leaves_what_is_in_use()
    {
        var before = _site.Credentials;
        File.WriteAllText(_files.SiteFile, "nonsense");
        Assert.Throws<CertificateException>(() => _site.Refresh());
        Assert.Same(before, _site.Credentials);
    }

    private static async Task<byte[]> Echo(ConnectionContext connection, byte[] bytes)
    {
        var writing = connection.Transport.Output.WriteAsync(bytes).AsTask();
        var read = await connection.Transport.Input.ReadAtLeastAsync(bytes.Length, TestContext.Current.CancellationToken);
        var echoed = read.Buffer.Slice(0, bytes.Length).ToArray();
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
        await writing;
        return echoed;
    }

    /// <summary>Whether the end comes as an end or as a break does not matter.</summary>
    private static async Task Ended(ConnectionContext connection)
    {
        try
        {
            var read = await connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);
            Assert.True(read.IsCompleted);
        }
        catch (IOException)
        {
            // It broke.
        }
    }

    private static async Task Ended(LiveConnections connections)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (connections.Count > 0)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private static async Task Closed(Socket socket)
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

    private PeerGate Gate(string name, params CertificateRole[] roles) =>
        new(name, [.. roles], _site, _revocations, _connections, new RefusalLog(new NoAudit(), _time, NullLogger<RefusalLog>.Instance));

    private TlsClient Client(TlsCredentials credentials) => new(() => credentials, "harbour", sentence => Assert.Fail(sentence), _time);

    private TlsCredentials Credentials(X509Certificate2 certificate) =>
        TlsCredentials.Of(certificate, [.. _site.Credentials.Intermediates], [.. _site.Credentials.Authorities]);

    private TlsCredentials CredentialsOf(string kind)
    {
        switch (kind)
        {
            case "none":
                return Credentials(Device("dev7")) with { Own = null! };
            case "other authority":
                using (var other = new TestAuthority())
                {
                    var foreign = other.Device("dev7");
                    return TlsCredentials.Of(
                        new X509Certificate2(foreign), [X509CertificateLoader.LoadCertificate(other.SiteCertificate.RawData)], [.. _site.Credentials.Authorities]);
                }

            case "expired":
                var old = Device("dev7", TimeSpan.FromHours(1));
                _time.Advance(TimeSpan.FromHours(2));
                return Credentials(old);
            case "revoked":
                var device = Device("dev7");
                _revocations.Update([RevocationOf(device)]);
                return Credentials(device);
            case "wrong usage":
                return Credentials(WithUsage("1.3.6.1.5.5.7.3.1"));
            case "operator":
                _files.MakeOperator(ParticipantId.Parse("ada"), Now);
                return OperatorCredentials.Open(_files, ParticipantId.Parse("ada"));
            default:
                return _site.Credentials;
        }
    }

    private static Revocation RevocationOf(X509Certificate2 device) =>
        new(ParticipantId.Parse("dev7"), KeyFingerprint.Of(device), [Thumbprint.Of(device)], Now, Now.AddDays(30), IsReplaced: false);

    private X509Certificate2 Device(string id, TimeSpan? lifetime = null)
    {
        using var key = CertificateIssuer.CreateKey();
        using var certificate = _site.Issue(ParticipantId.Parse(id), new PublicKey(key), _time.GetUtcNow(), lifetime ?? TimeSpan.FromDays(30));
        return Keep(certificate.CopyWithPrivateKey(key));
    }

    private X509Certificate2 WithUsage(string usage)
    {
        using var site = SiteCertificateFiles.Read(_files);
        using var key = CertificateIssuer.CreateKey();
        var request = new CertificateRequest("CN=harbour/dev7", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("orleansedge://device/harbour/dev7"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: true));
        using var certificate = request.Create(site.Certificate, Now, Now.AddDays(1), [1, 2, 3]);
        return Keep(certificate.CopyWithPrivateKey(key));
    }

    private X509Certificate2 Keep(X509Certificate2 certificate)
    {
        _certificates.Add(certificate);
        return certificate;
    }

    private sealed class NoAudit : IAuditLog
    {
        public Task Record(AuditEntry entry) => Task.CompletedTask;

        public void Denied(AuditEntry entry)
        {
        }
    }
}
