using Microsoft.AspNetCore.Connections.Features;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>
/// Says who asks, by the certificate of the connection: see <see cref="PeerFeature"/>. A certificate that is not valid any more is answered with
/// a sentence, but where a device enrols.
/// </summary>
internal sealed class PeerIdentification(RequestDelegate next, RevocationList revocations, RecentPeers recent, RefusalLog log, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(HttpsListener.VerdictKey, out var kept) != true || kept is not CertificateVerdict verdict)
        {
            await next(context);
            return;
        }

        if (Refuse(verdict) is not { } sentence)
        {
            context.Features.Set(new PeerFeature(verdict.Peer!));
            recent.Add(verdict.Peer!);
            await next(context);
            return;
        }

        // Nobody after this takes it for valid.
        context.Connection.ClientCertificate = null;
        if (SiteAccess.IsOpen(context.Request.Path))
        {
            await next(context);
            return;
        }

        log.Refused("HTTP port", Address(context), verdict.Peer?.Identity.Name, sentence);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;

        // Its next connection may show a renewed one.
        context.Response.Headers.Connection = "close";
        await context.Response.WriteAsJsonAsync(new ErrorAnswer(Sentence.Of(sentence)), SiteJson.Options, context.RequestAborted);
    }

    private static System.Net.IPEndPoint? Address(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? new(address, context.Connection.RemotePort) : null;

    private string? Refuse(CertificateVerdict verdict) => verdict.Refusal
        ?? revocations.Find(verdict.Peer!.Key)?.Sentence
        ?? (verdict.Peer.NotAfter <= time.GetUtcNow() ? $"the certificate of '{verdict.Peer.Identity.Name}' has expired" : null);
}
