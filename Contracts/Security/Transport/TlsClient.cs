using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;

namespace OrleansEdge.Contracts.Security.Transport;

/// <summary>The end of a secured connection that connects: to a silo of the right site, and to nobody else.</summary>
/// <param name="credentials">What is shown and trusted now.</param>
/// <param name="site">The full name of the site that must be at the other end.</param>
/// <param name="onRefused">Told why the other end refuses this one for as long as nothing changes.</param>
/// <param name="time">For the limit of the handshake, and the validity of certificates.</param>
public sealed class TlsClient(Func<TlsCredentials> credentials, string site, Action<string> onRefused, TimeProvider time) : IConnectionMiddleware
{
    /// <inheritdoc/>
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        await using var stream = new SslStream(new DuplexStream(context.Transport), leaveInnerStreamOpen: false);
        string? refusal;
        try
        {
            refusal = await Handshake(context, stream);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException)
        {
            context.Abort(new ConnectionAbortedException("The connection could not be secured."));
            throw new ConnectionAbortedException($"the connection could not be secured: {exception.Message}", exception);
        }

        if (refusal is not null)
        {
            onRefused(refusal);
            context.Abort(new ConnectionAbortedException(refusal));
            throw new ConnectionAbortedException($"the site refuses this connection: {refusal}");
        }

        await TlsPipe.Run(context, stream, next);
    }

    /// <summary>Why whoever is at the other end is not a silo of the site; null when it is one.</summary>
    public static string? RefuseServer(CertificateVerdict verdict, string site)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return verdict.Refusal
            ?? (verdict.Peer!.Identity is { Role: CertificateRole.Silo } silo && silo.Site.Value == site
                ? null
                : $"'{verdict.Peer.Identity.Name}' is at the other end, and no silo of the site '{site}'");
    }

    private async Task<string?> Handshake(ConnectionContext context, SslStream stream)
    {
        using var limit = new CancellationTokenSource(TlsPipe.HandshakeTimeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.ConnectionClosed);
        var now = credentials();
        string? objection = null;
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    // A name for the handshake; who is there is read from the certificate.
                    TargetHost = site,
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ClientCertificateContext = now.Own,
                    CertificateChainPolicy = now.CreateChainPolicy(),
                    AllowTlsResume = false,
                    AllowRenegotiation = false,
                    RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                    {
                        objection = RefuseServer(now.Judge(certificate, chain, CertificatePurpose.Server, time.GetUtcNow()), site);
                        return objection is null;
                    },
                },
                ended.Token);
            return await Admission.Read(stream, ended.Token);
        }
        catch (AuthenticationException exception) when (objection is not null)
        {
            throw new AuthenticationException(objection, exception);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new IOException($"the other end did not answer within {TlsPipe.HandshakeTimeout.TotalSeconds:0} seconds");
        }
    }
}
