using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansEdge.Contracts.Security.Transport;

/// <summary>What one end of a connection shows, and whom it trusts. Asked for anew at each handshake, so that a new certificate needs no restart.</summary>
/// <param name="Own">Its certificate with its key, and those between it and the authority.</param>
/// <param name="Intermediates">Certificates of sites that it knows, besides those that the other end sends.</param>
/// <param name="Authorities">The federation's authorities.</param>
public sealed record TlsCredentials(SslStreamCertificateContext Own, X509Certificate2Collection Intermediates, X509Certificate2Collection Authorities)
{
    /// <summary>Puts together what a holder shows.</summary>
    /// <param name="own">The holder's certificate, with its key.</param>
    /// <param name="intermediates">Those between it and the authority.</param>
    /// <param name="authorities">The federation's authorities.</param>
    public static TlsCredentials Of(X509Certificate2 own, X509Certificate2Collection intermediates, X509Certificate2Collection authorities) =>
        new(SslStreamCertificateContext.Create(own, intermediates, offline: true), intermediates, authorities);

    /// <summary>Looks at the other end's certificate.</summary>
    public CertificateVerdict Judge(X509Certificate? certificate, X509Chain? sent, CertificatePurpose purpose, DateTimeOffset now) =>
        CertificateValidator.Judge(certificate as X509Certificate2, [.. Intermediates, .. sent?.ChainPolicy.ExtraStore ?? []], Authorities, purpose, now);

    /// <summary>
    /// What the framework builds before it asks us: the least that it can, since only <see cref="Judge"/> decides.
    /// </summary>
    public X509ChainPolicy CreateChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(Authorities);
        return policy;
    }
}
