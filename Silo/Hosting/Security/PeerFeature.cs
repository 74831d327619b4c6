using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>Who is at the other end of an HTTPS connection: a feature of the request, only where a certificate was shown that is valid and not revoked.</summary>
/// <param name="Certificate">The certificate.</param>
internal sealed record PeerFeature(PeerCertificate Certificate)
{
    /// <summary>Who asks; null for somebody without a certificate.</summary>
    public static PeerCertificate? Of(HttpContext context) => context.Features.Get<PeerFeature>()?.Certificate;
}
