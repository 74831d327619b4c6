using System.Net.Security;
using System.Security.Authentication;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Participation.Security;

/// <summary>Sends requests to silos of one site only, and says why where somebody else answers.</summary>
internal sealed class ExplainingHandler : DelegatingHandler
{
    private volatile string? _objection;

    /// <summary>Makes it.</summary>
    /// <param name="site">The full name of the site.</param>
    /// <param name="judge">Looks at a server's certificate.</param>
    /// <param name="options">The rest of how connections are secured.</param>
    /// <param name="connectionLifetime">When a connection is made anew.</param>
    public ExplainingHandler(string site, Func<TlsPeer, CertificateVerdict> judge, SslClientAuthenticationOptions options, TimeSpan connectionLifetime)
    {
        options.EnabledSslProtocols = SslProtocols.Tls13;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            (_objection = TlsClient.RefuseServer(judge(new(certificate, chain)), site)) is null;
        InnerHandler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = connectionLifetime, SslOptions = options };
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.InnerException is AuthenticationException)
        {
            throw new HttpRequestException($"{request.RequestUri?.GetLeftPart(UriPartial.Authority)} is not trusted: {_objection ?? exception.InnerException.Message}", exception);
        }
    }
}

/// <summary>What a server has shown.</summary>
/// <param name="Certificate">Its certificate.</param>
/// <param name="Chain">Those that it sent along.</param>
internal readonly record struct TlsPeer(
    System.Security.Cryptography.X509Certificates.X509Certificate? Certificate, System.Security.Cryptography.X509Certificates.X509Chain? Chain);
