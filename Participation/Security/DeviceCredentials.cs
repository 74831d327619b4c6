using System.Net.Security;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Participation.Security;

/// <summary>A device's certificate, as it is now: renewed while the agent runs, and asked for at each handshake.</summary>
internal sealed class DeviceCredentials
{
    /// <summary>Connections are made anew now and then, so that a renewed certificate is shown well before the one before has expired.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly DeviceFiles _files;
    private readonly TimeProvider _time;
    private volatile TlsCredentials _current;

    private DeviceCredentials(DeviceFiles files, CertificateIdentity identity, TlsCredentials current, TimeProvider time)
    {
        _files = files;
        _time = time;
        _current = current;
        Identity = identity;
    }

    /// <summary>Whom the certificate names.</summary>
    public CertificateIdentity Identity { get; }

    /// <summary>The full name of the device's site.</summary>
    public ParticipantId Site => Identity.Site;

    /// <summary>What is shown and trusted now.</summary>
    public TlsCredentials Current => _current;

    /// <summary>When the certificate is to be renewed.</summary>
    public DateTimeOffset Renewal => CertificateLifetimes.RenewalOf(Start, Expires);

    /// <summary>When the certificate expires.</summary>
    public DateTimeOffset Expires => new(_current.Own.TargetCertificate.NotAfter.ToUniversalTime());

    private DateTimeOffset Start => new(_current.Own.TargetCertificate.NotBefore.ToUniversalTime());

    /// <summary>Opens what a device has; null if it has not enrolled.</summary>
    /// <param name="folder">The device's own folder.</param>
    /// <param name="participant">The device, which the certificate must name; null for whichever it is.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CertificateException">It is damaged, or another device's.</exception>
    public static DeviceCredentials? Open(string folder, ParticipantId? participant, TimeProvider time)
    {
        var files = new DeviceFiles(folder);
        if (!files.HasCertificate)
        {
            return null;
        }

        var (certificate, intermediates, authorities) = files.Load();
        return CertificateValidator.IdentityOf(certificate) is not { Role: CertificateRole.Device } identity
            ? throw new CertificateException($"the certificate in {folder} names no device: delete its folder 'identity', and enrol with a new invitation.")
            : participant is { } expected && identity.LocalName != expected && identity.Name != expected
            ? throw new CertificateException($"the certificate in {folder} is that of '{identity.Name}', and this device is '{participant}': give each device its own folder.")
            : new(files, identity, TlsCredentials.Of(certificate, intermediates, authorities), time);
    }

    /// <summary>A request for a certificate with the device's key.</summary>
    public byte[] CreateRequest()
    {
        using var key = _files.OpenKey();
        return SigningRequest.Create(Identity.LocalName, key);
    }

    /// <summary>Keeps a new certificate, and shows it from now on.</summary>
    /// <exception cref="CertificateException">It is not this device's, or cannot be kept.</exception>
    public void Take(EnrolmentAnswer answer)
    {
        var verdict = DeviceCertificate.Keep(_files, Identity, answer, _current.Authorities, _time);
        if (verdict is not null)
        {
            throw new CertificateException($"the site sent a certificate that cannot be used: {verdict}.");
        }

        var (certificate, intermediates, authorities) = _files.Load();

        // The old one is left to the collector: a handshake may be at work with it.
        _current = TlsCredentials.Of(certificate, intermediates, authorities);
    }

    /// <summary>What sends requests to the site: to its silos only, and with this certificate.</summary>
    public HttpMessageHandler CreateHandler() => new ExplainingHandler(
        Site.Value,
        peer => _current.Judge(peer.Certificate, peer.Chain, CertificatePurpose.Server, _time.GetUtcNow()),
        new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = _current.CreateChainPolicy(),
            LocalCertificateSelectionCallback = (_, _, _, _, _) => _current.Own.TargetCertificate,
        },
        ConnectionLifetime);
}
