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
    private static readonly DateTimeOffset Now = TlsSite.Now;

    private readonly TlsSite _tls = new();

    private FakeTimeProvider Time => _tls.Time;

    private SiteCertificates Site => _tls.Certificates;

    private RecordingGate Gate => _tls.Gate;

    private TestPort Port => _tls.Port;

    public ValueTask DisposeAsync() => _tls.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public async Task Device_with_a_certificate_of_the_site_comes_in_and_bytes_arrive_as_they_were_sent(int length)
    {
        var sent = RandomNumberGenerator.GetBytes(length);
        await Port.Connect(_tls.Client(_tls.Credentials(_tls.Device("dev7"))), async connection => Assert.Equal(sent, await TlsSite.Echo(connection, sent)));
        Assert.Equal(1, Port.Admitted);
        Assert.Empty(Gate.Refusals);
    }

    [Fact]
    public async Task Silo_comes_in_where_silos_do()
    {
        await _tls.SiloPort.Connect(_tls.Client(Site.Credentials), async connection => Assert.Equal([7], await TlsSite.Echo(connection, [7])));
        Assert.Equal(1, _tls.SiloPort.Admitted);
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
        var client = new TlsClient(() => credentials, "harbour", heard.Add, Time);

        await Assert.ThrowsAsync<ConnectionAbortedException>(() => Port.Connect(client, _ => throw new InvalidOperationException("It came in.")));

        Assert.Contains(sentence, Assert.Single(heard), StringComparison.Ordinal);
        Assert.Contains(sentence, await Gate.NextRefusal(), StringComparison.Ordinal);
        Assert.Equal(0, Port.Admitted);
        await Ended(_tls.Connections);
    }

    [Fact]
    public async Task Device_at_the_port_for_silos_is_refused()
    {
        var heard = new List<string>();
        var client = new TlsClient(() => _tls.Credentials(_tls.Device("dev7")), "harbour", heard.Add, Time);
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => _tls.SiloPort.Connect(client, _ => Task.CompletedTask));
        Assert.Contains("'harbour/dev7' has no business at the port for silos", Assert.Single(heard), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_in_clear_is_refused()
    {
        using var socket = await Port.Connect();
        await socket.SendAsync("Orleans says hello in clear, and goes on to say something."u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Contains("does not speak TLS 1.3", await Gate.NextRefusal(), StringComparison.Ordinal);
        await TlsSite.Closed(socket);
        Assert.Equal(0, Port.Admitted);
    }

    [Fact]
    public async Task Client_does_not_speak_to_another_site()
    {
        using var other = new TestAuthority();
        var client = _tls.Client(TlsCredentials.Of(other.Device("dev7"), other.Intermediates, other.Authorities));
        var refused = await Assert.ThrowsAsync<ConnectionAbortedException>(() => Port.Connect(client, _ => Task.CompletedTask));
        Assert.Contains("the certificate of 'harbour' is not of this federation", refused.Message, StringComparison.Ordinal);

        var lake = new TlsClient(() => _tls.Credentials(_tls.Device("dev7")), "lake", _ => { }, Time);
        refused = await Assert.ThrowsAsync<ConnectionAbortedException>(() => Port.Connect(lake, _ => Task.CompletedTask));
        Assert.Contains("'harbour' is at the other end, and no silo of the site 'lake'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revocation_ends_a_connection_that_is_open()
    {
        var device = _tls.Device("dev7");
        await Port.Connect(_tls.Client(_tls.Credentials(device)), async connection =>
        {
            await TlsSite.Echo(connection, [1]);
            _tls.Revocations.Update([RevocationOf(device)]);
            await Ended(connection);
        });
        await Ended(_tls.Connections);
    }

    [Fact]
    public async Task Connection_ends_with_its_certificate()
    {
        var device = _tls.Device("dev7");
        await Port.Connect(_tls.Client(_tls.Credentials(device)), async connection =>
        {
            await TlsSite.Echo(connection, [1]);
            Time.Advance(TimeSpan.FromDays(29));
            _tls.Connections.AbortExpired();
            Assert.Equal([2], await TlsSite.Echo(connection, [2]));
            Time.Advance(TimeSpan.FromDays(2));
            _tls.Connections.AbortExpired();
            await Ended(connection);
        });
    }

    [Fact]
    public async Task New_certificates_need_no_restart_and_break_no_connection()
    {
        var first = Site.Credentials.Own.TargetCertificate;
        await Port.Connect(_tls.Client(_tls.Credentials(_tls.Device("dev7"))), async old =>
        {
            await TlsSite.Echo(old, [1]);
            Time.Advance(TimeSpan.FromDays(1));
            Assert.Equal(CertificateChange.None, Site.Refresh());
            using (var authority = PrivateFiles.ReadWithKey(_tls.Files.AuthorityFile, _tls.Files.AuthorityKey).Certificate)
            {
                _tls.Files.RenewSite(authority, Time.GetUtcNow());
            }

            Assert.Equal(CertificateChange.TakenOver, Site.Refresh());
            Assert.NotEqual(first.Thumbprint, Site.Credentials.Own.TargetCertificate.Thumbprint);
            await Port.Connect(_tls.Client(_tls.Credentials(_tls.Device("dev8"))), async fresh => Assert.Equal([3], await TlsSite.Echo(fresh, [3])));
            Assert.Equal([2], await TlsSite.Echo(old, [2]));
        });
        Assert.Equal(2, Port.Admitted);
    }

    [Fact]
    public void Silo_renews_its_own_certificate_in_time()
    {
        var first = Site.Expires;
        Time.Advance(TimeSpan.FromDays(4));
        Assert.Equal(CertificateChange.None, Site.Refresh());
        Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(CertificateChange.Renewed, Site.Refresh());
        Assert.Equal(first.AddDays(5), Site.Expires);
    }

    [Fact]
    public void Folder_that_became_unusable_leaves_what_is_in_use()
    {
        var before = Site.Credentials;
        File.WriteAllText(_tls.Files.SiteFile, "nonsense");
        Assert.Throws<CertificateException>(() => Site.Refresh());
        Assert.Same(before, Site.Credentials);
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

    private TlsCredentials CredentialsOf(string kind)
    {
        switch (kind)
        {
            case "none":
                return _tls.Credentials(_tls.Device("dev7")) with { Own = null! };
            case "other authority":
                using (var other = new TestAuthority())
                {
                    var foreign = other.Device("dev7");
                    return TlsCredentials.Of(
                        new X509Certificate2(foreign), [X509CertificateLoader.LoadCertificate(other.SiteCertificate.RawData)], [.. Site.Credentials.Authorities]);
                }

            case "expired":
                var old = _tls.Device("dev7", TimeSpan.FromHours(1));
                Time.Advance(TimeSpan.FromHours(2));
                return _tls.Credentials(old);
            case "revoked":
                var device = _tls.Device("dev7");
                _tls.Revocations.Update([RevocationOf(device)]);
                return _tls.Credentials(device);
            case "wrong usage":
                return _tls.Credentials(WithUsage("1.3.6.1.5.5.7.3.1"));
            case "operator":
                _tls.Files.MakeOperator(ParticipantId.Parse("ada"), Now);
                return OperatorCredentials.Open(_tls.Files, ParticipantId.Parse("ada"));
            default:
                return Site.Credentials;
        }
    }

    private static Revocation RevocationOf(X509Certificate2 device) =>
        new(ParticipantId.Parse("dev7"), KeyFingerprint.Of(device), [Thumbprint.Of(device)], Now, Now.AddDays(30), IsReplaced: false);

    private X509Certificate2 WithUsage(string usage)
    {
        using var site = SiteCertificateFiles.Read(_tls.Files);
        using var key = CertificateIssuer.CreateKey();
        var request = new CertificateRequest("CN=harbour/dev7", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("orleansedge://device/harbour/dev7"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: true));
        using var certificate = request.Create(site.Certificate, Now, Now.AddDays(1), [1, 2, 3]);
        return _tls.Keep(certificate.CopyWithPrivateKey(key));
    }
}
