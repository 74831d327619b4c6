using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Grains.Enrolment;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>
/// The certificates with which this silo works now. Its own it makes by itself, from the site's, and renews in time; when the files in the folder
/// change, those are taken over. What handshakes after that sees the new ones; connections that are open stay.
/// </summary>
internal sealed class SiteCertificates : IDeviceIssuer
{
    private readonly CertificateFolder _folder;
    private readonly ImmutableArray<string> _hosts;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private volatile InUse _inUse;

    private SiteCertificates(CertificateFolder folder, ImmutableArray<string> hosts, TimeProvider time)
    {
        _folder = folder;
        _hosts = hosts;
        _time = time;
        _inUse = Load();
    }

    /// <inheritdoc/>
    public ParticipantId Site => _inUse.Files.Name;

    /// <inheritdoc/>
    public ImmutableArray<byte[]> Authorities => [.. _inUse.Files.Authorities.Select(authority => authority.RawData)];

    /// <inheritdoc/>
    public ImmutableArray<byte[]> Intermediates => [.. _inUse.Files.Chain.Select(certificate => certificate.RawData)];

    /// <inheritdoc/>
    public Thumbprint Pin => Thumbprint.Of(_inUse.Files.Authorities[0]);

    /// <summary>What the silo shows and trusts now.</summary>
    public TlsCredentials Credentials => _inUse.Credentials;

    /// <summary>When the silo's own certificate expires.</summary>
    public DateTimeOffset Expires => _inUse.Expires;

    /// <summary>The site's certificate.</summary>
    public Thumbprint SiteCertificate => Thumbprint.Of(_inUse.Files.Certificate);

    /// <summary>When the site's certificate expires, which somebody has to renew.</summary>
    public DateTimeOffset SiteExpires => new(_inUse.Files.Certificate.NotAfter.ToUniversalTime());

    /// <summary>Reads the folder and makes the silo's certificate.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="site">The site's name, which must be the last part of the name in the certificate.</param>
    /// <param name="hosts">Under which names and addresses the silo is reached.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CertificateException">The folder cannot be used.</exception>
    public static SiteCertificates Open(CertificateFolder folder, SiteName site, IEnumerable<string> hosts, TimeProvider time)
    {
        var certificates = new SiteCertificates(folder, [.. hosts], time);
        return certificates.Site.Value.Split('/')[^1] == site.Value
            ? certificates
            : throw new CertificateException(
                $"{folder.Path} holds the certificates of the site '{certificates.Site}', and this one is '{site}': start it with --name {certificates.Site.Value.Split('/')[^1]}, or give another folder.");
    }

    /// <inheritdoc/>
    public X509Certificate2 Issue(ParticipantId participant, PublicKey key, DateTimeOffset now, TimeSpan lifetime) =>
        new CertificateIssuer(_inUse.Files.Certificate).IssueMember(CertificateIdentity.Of(CertificateRole.Device, Site, participant), key, now, lifetime);

    /// <inheritdoc/>
    public X509Certificate2 IssueSite(ParticipantId participant, PublicKey key, DateTimeOffset now) =>
        new CertificateIssuer(_inUse.Files.Certificate).IssueSite(ParticipantId.Parse($"{Site}/{CertificateIdentity.Localise(Site, participant)}"), key, now);

    /// <summary>Signs a network with the site's key.</summary>
    /// <param name="network">The hash of its TorchScript file.</param>
    /// <exception cref="CertificateException">The site's key is of another kind.</exception>
    public ModelSignature Sign(ContentHash network)
    {
        var files = _inUse.Files;
        return ModelSigner.Sign(network, files.Certificate, files.Chain.Skip(1));
    }

    /// <summary>Takes over what has changed in the folder, and renews what is to be renewed.</summary>
    /// <returns>What there was.</returns>
    /// <exception cref="CertificateException">The folder cannot be used as it is now; what was in use stays.</exception>
    public CertificateChange Refresh()
    {
        lock (_lock)
        {
            if (Stamp() == _inUse.Stamp && _time.GetUtcNow() < _inUse.Renewal)
            {
                return CertificateChange.None;
            }

            // The old one is left to the collector: a handshake may be at work with it.
            var before = _inUse.Files;
            _inUse = Load();
            return AreSame(before, _inUse.Files) ? CertificateChange.Renewed : CertificateChange.TakenOver;
        }
    }

    private static bool AreSame(SiteCertificateFiles one, SiteCertificateFiles other) => HashesOf(one).SequenceEqual(HashesOf(other));

    private static IEnumerable<Thumbprint> HashesOf(SiteCertificateFiles files) =>
        [Thumbprint.Of(files.Certificate), .. files.Chain.Concat(files.Authorities).Select(Thumbprint.Of)];

    private InUse Load()
    {
        var stamp = Stamp();
        var files = SiteCertificateFiles.Read(_folder);
        var now = _time.GetUtcNow();
        var verdict = CertificateValidator.Judge(files.Certificate, files.Chain, files.Authorities, null, now);
        if (verdict.Refusal is { } refusal)
        {
            throw new CertificateException($"the site's certificate {_folder.SiteFile} cannot be used: {refusal}.");
        }

        using var key = CertificateIssuer.CreateKey();
        using var issued = new CertificateIssuer(files.Certificate).IssueSilo(files.Name, new PublicKey(key), _hosts, now);
        using var withKey = issued.CopyWithPrivateKey(key);

        // Windows cannot use a key that is in memory only.
        var own = OperatingSystem.IsWindows()
            ? X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null)
            : new X509Certificate2(withKey);
        var expires = new DateTimeOffset(own.NotAfter.ToUniversalTime());
        return new(files, TlsCredentials.Of(own, files.Chain, files.Authorities), stamp, expires, CertificateLifetimes.RenewalOf(now, expires));
    }

    private string Stamp() => string.Join('|', new[] { _folder.AuthorityFile, _folder.SiteFile, _folder.SiteKey }
        .Select(file => $"{File.GetLastWriteTimeUtc(file).Ticks}:{(File.Exists(file) ? new FileInfo(file).Length : 0)}"));

    private sealed record InUse(SiteCertificateFiles Files, TlsCredentials Credentials, string Stamp, DateTimeOffset Expires, DateTimeOffset Renewal);
}

/// <summary>What has changed of the certificates that a silo works with.</summary>
internal enum CertificateChange
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The silo has made itself another one, under the same certificates of the site and the authorities.</summary>
    Renewed = 1,

    /// <summary>The folder holds others of the site or the authorities, and those are in use now.</summary>
    TakenOver = 2,
}
