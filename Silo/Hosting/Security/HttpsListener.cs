using System.Net.Security;
using System.Security.Authentication;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>The site's HTTP port, with the certificates of its other ports. A client may show a certificate; which requests need one is decided later.</summary>
internal static class HttpsListener
{
    /// <summary>Under this key a connection keeps what was found of its client's certificate.</summary>
    public static readonly object VerdictKey = new();

    private const byte TlsHandshake = 0x16;
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private static readonly byte[] PlainAnswer = Encoding.ASCII.GetBytes(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" +
        "{\"error\":\"This site speaks HTTPS only: write https:// in its address, and enrol with an invitation of its operator.\"}");

    /// <summary>Makes Kestrel listen.</summary>
    public static void Listen(this KestrelServerOptions kestrel, SiteOptions options, SiteCertificates certificates, TimeProvider time) => kestrel.Listen(
        options.Listen, options.Url.Port,
        listen =>
        {
            listen.Use(next => connection => RefusePlain(connection, next, kestrel.ApplicationServices.GetRequiredService<RefusalLog>(), time));
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = HandshakeTimeout,
                OnConnection = handshake => new(Options(handshake.Connection, certificates, time)),
            });
        });

    private static SslServerAuthenticationOptions Options(BaseConnectionContext connection, SiteCertificates certificates, TimeProvider time)
    {
        var now = certificates.Credentials;
        return new()
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            ServerCertificateContext = now.Own,
            ClientCertificateRequired = true,
            CertificateChainPolicy = now.CreateChainPolicy(),
            AllowTlsResume = false,
            AllowRenegotiation = false,

            // A certificate that is not valid is answered with a sentence, by PeerIdentification.
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => certificate is null
                || (connection.Items[VerdictKey] = now.Judge(certificate, chain, CertificatePurpose.Client, time.GetUtcNow())) is not null,
        };
    }

    /// <summary>Whoever speaks without TLS is told so; otherwise it would only see a connection that breaks.</summary>
    private static async Task RefusePlain(ConnectionContext connection, ConnectionDelegate next, RefusalLog log, TimeProvider time)
    {
        using (var limit = new CancellationTokenSource(HandshakeTimeout, time))
        {
            try
            {
                var read = await connection.Transport.Input.ReadAsync(limit.Token);
                var isTls = read.Buffer.IsEmpty || read.Buffer.FirstSpan[0] == TlsHandshake;
                connection.Transport.Input.AdvanceTo(read.Buffer.Start);
                if (!isTls)
                {
                    log.Refused("HTTP port", connection.RemoteEndPoint, null, "it speaks in clear, and this site speaks HTTPS only");
                    await connection.Transport.Output.WriteAsync(PlainAnswer, limit.Token);
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                connection.Abort(new ConnectionAbortedException("The client said nothing."));
                return;
            }
        }

        await next(connection);
    }
}
