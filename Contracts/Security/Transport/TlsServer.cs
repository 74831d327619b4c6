using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;

namespace OrleansEdge.Contracts.Security.Transport;

/// <summary>
/// The end of a secured connection that listens: TLS 1.3, with certificates of the federation at both ends. Somebody who is refused is told why.
/// </summary>
/// <param name="credentials">What is shown and trusted now.</param>
/// <param name="gate">Who may go on.</param>
/// <param name="time">For the limit of the handshake, and the validity of certificates.</param>
/// <param name="mostHandshakes">How many connections may be there that have not said who they are; each address may have an eighth of them.</param>
public sealed class TlsServer(Func<TlsCredentials> credentials, IPeerGate gate, TimeProvider time, int mostHandshakes = 512) : IConnectionMiddleware
{
    /// <summary>In reads of 1 KiB: whoever was refused and does not stop is not listened to for long.</summary>
    private const int MostLastWords = 512;

    private readonly HandshakeSlots _slots = new(mostHandshakes);

    /// <inheritdoc/>
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        await using var stream = new SslStream(new DuplexStream(context.Transport), leaveInnerStreamOpen: false);
        if (await Admit(context, stream) is not { } admitted)
        {
            return;
        }

        using (admitted)
        {
            await TlsPipe.Run(context, stream, next);
        }
    }

    private async Task<IDisposable?> Admit(ConnectionContext context, SslStream stream)
    {
        using var limit = new CancellationTokenSource(TlsPipe.HandshakeTimeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.ConnectionClosed);
        using var slot = await _slots.Take(context.RemoteEndPoint, ended.Token);
        if (slot is null)
        {
            return Refuse(context, _slots.Sentence);
        }

        try
        {
            return await Handshake(context, stream, ended.Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever a stranger's bytes lead to ends here.
            return Refuse(context, limit.IsCancellationRequested
                ? $"it did not say who it is within {TlsPipe.HandshakeTimeout.TotalSeconds:0} seconds"
                : exception is AuthenticationException
                    ? $"it does not speak TLS 1.3, or does not trust this site ({(exception.InnerException ?? exception).Message.TrimEnd('.')})"
                    : $"the connection broke before it said who it is ({exception.Message.TrimEnd('.')})");
        }
    }

    private IDisposable? Refuse(ConnectionContext context, string sentence)
    {
        gate.OnRefused(context.RemoteEndPoint, null, sentence);
        context.Abort(new ConnectionAbortedException("The other end did not say who it is."));
        return null;
    }

    private async Task<IDisposable?> Handshake(ConnectionContext context, SslStream stream, CancellationToken cancellation)
    {
        CertificateVerdict? verdict = null;
        var now = credentials();
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                ServerCertificateContext = now.Own,
                ClientCertificateRequired = true,
                CertificateChainPolicy = now.CreateChainPolicy(),

                // A resumed session would not be asked for its certificate again.
                AllowTlsResume = false,
                AllowRenegotiation = false,

                // Whoever is refused goes no further than to hear why, below.
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                    (verdict = now.Judge(certificate, chain, CertificatePurpose.Client, time.GetUtcNow())) is not null,
            },
            cancellation);
        verdict ??= CertificateVerdict.Refuse("no certificate was shown");
        IDisposable? entered = null;
        if (verdict.Peer is { } peer)
        {
            context.Features.Set(new ConnectionPeer(peer));
            entered = gate.Enter(peer, context);
        }

        var refusal = verdict.Peer is null ? verdict.Refusal : gate.Refuse(verdict.Peer);
        try
        {
            await Admission.Write(stream, refusal, cancellation);
            if (refusal is null)
            {
                return entered;
            }

            gate.OnRefused(context.RemoteEndPoint, verdict.Peer, refusal);
            await Leave(stream, cancellation);
        }
        catch
        {
            entered?.Dispose();
            throw;
        }

        entered?.Dispose();
        return null;
    }

    /// <summary>Lets the other end hear before the connection ends: an abort could overtake the sentence.</summary>
    private static async Task Leave(SslStream stream, CancellationToken cancellation)
    {
        try
        {
            await stream.ShutdownAsync();
            await stream.FlushAsync(cancellation);
            var rest = new byte[1024];
            for (var read = 0; read < MostLastWords && await stream.ReadAsync(rest, cancellation) > 0; read++)
            {
                // What it still says does not matter.
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // It has gone first.
        }
    }
}
