using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Benchmarks.Calls;

/// <summary>The certificates of a silo and of a device of its site, and what secures a connection between them.</summary>
internal sealed class CalledCertificates : IDisposable
{
    private const string Site = "calls";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly SiteCertificateFiles _files;
    private readonly TlsCredentials _silo;
    private readonly TlsCredentials _device;

    /// <summary>Makes them.</summary>
    /// <param name="folder">Where the site's are kept.</param>
    public CalledCertificates(string folder)
    {
        var now = TimeProvider.System.GetUtcNow();
        var certificates = new CertificateFolder(folder);
        certificates.Init(SiteName.Parse(Site), null, now);
        _files = SiteCertificateFiles.Read(certificates);
        var issuer = new CertificateIssuer(_files.Certificate);
        _silo = CredentialsOf(key => issuer.IssueSilo(_files.Name, key, ["127.0.0.1"], now));
        _device = CredentialsOf(key => issuer.IssueMember(
            CertificateIdentity.Of(CertificateRole.Device, _files.Name, ParticipantId.Parse("dev1")), key, now, Lifetime));
    }

    /// <summary>The end that listens.</summary>
    public TlsServer Server() => new(() => _silo, new OpenGate(), TimeProvider.System);

    /// <summary>The end that connects.</summary>
    public TlsClient Client() => new(() => _device, Site, sentence => throw new InvalidOperationException(sentence), TimeProvider.System);

    public void Dispose()
    {
        _files.Dispose();
        _silo.Own.TargetCertificate.Dispose();
        _device.Own.TargetCertificate.Dispose();
    }

    private TlsCredentials CredentialsOf(Func<PublicKey, X509Certificate2> issue)
    {
        using var key = CertificateIssuer.CreateKey();
        using var certificate = issue(new PublicKey(key));
        return TlsCredentials.Of(certificate.CopyWithPrivateKey(key), _files.Chain, _files.Authorities);
    }

    /// <summary>Lets everyone in whose certificate is good: what is measured comes after that.</summary>
    private sealed class OpenGate : IPeerGate, IDisposable
    {
        public IDisposable Enter(PeerCertificate peer, ConnectionContext connection) => this;

        public string? Refuse(PeerCertificate peer) => null;

        public void OnRefused(EndPoint? from, PeerCertificate? peer, string sentence) => throw new InvalidOperationException(sentence);

        public void Dispose()
        {
            // Nothing is kept of a connection.
        }
    }
}
