namespace OrleansEdge.Contracts.Security;

/// <summary>What became of looking at a certificate.</summary>
public sealed record CertificateVerdict
{
    private CertificateVerdict(PeerCertificate? peer, string? refusal)
    {
        Peer = peer;
        Refusal = refusal;
    }

    /// <summary>Who it is; null when refused.</summary>
    public PeerCertificate? Peer { get; }

    /// <summary>Why it is refused, in a sentence that begins in lower case and has no full stop; null when it is not.</summary>
    public string? Refusal { get; }

    /// <summary>The certificate is valid.</summary>
    public static CertificateVerdict Accept(PeerCertificate peer) => new(peer, null);

    /// <summary>It is not.</summary>
    public static CertificateVerdict Refuse(string sentence) => new(null, sentence);
}
