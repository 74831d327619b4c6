using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Contracts.Security.Files;

/// <summary>How a command speaks to a secured site: it shows an operator's certificate, and trusts silos under the authority of its folder.</summary>
public static class OperatorCredentials
{
    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The operator.</param>
    /// <exception cref="CertificateException">The folder holds no such operator.</exception>
    public static TlsCredentials Open(CertificateFolder folder, ParticipantId name)
    {
        if (!File.Exists(folder.OperatorFile(name)))
        {
            throw new CertificateException($"there is no certificate of the operator '{name}' in {folder.Path}: make it where the site's is, with 'certs operator {name}'.");
        }

        var (certificate, chain) = PrivateFiles.ReadWithKey(folder.OperatorFile(name), folder.OperatorKey(name));
        return TlsCredentials.Of(certificate, chain, PrivateFiles.ReadCertificates(folder.AuthorityFile));
    }

    /// <summary>What sends requests with these credentials.</summary>
    public static SocketsHttpHandler CreateHandler(TlsCredentials credentials, TimeSpan connectLimit, TimeProvider time) => new()
    {
        ConnectTimeout = connectLimit,
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            ClientCertificateContext = credentials.Own,
            CertificateChainPolicy = credentials.CreateChainPolicy(),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => IsSilo(credentials, certificate, chain, time),
        },
    };

    private static bool IsSilo(TlsCredentials credentials, X509Certificate? certificate, X509Chain? chain, TimeProvider time)
    {
        var verdict = credentials.Judge(certificate, chain, CertificatePurpose.Server, time.GetUtcNow());
        var own = CertificateValidator.IdentityOf(credentials.Own.TargetCertificate);
        return own is not null && TlsClient.RefuseServer(verdict, own.Site.Value) is null;
    }
}
