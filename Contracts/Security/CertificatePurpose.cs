using System.Security.Cryptography;

namespace OrleansEdge.Contracts.Security;

/// <summary>Which end of a connection a certificate is for: its extended key usage.</summary>
public enum CertificatePurpose
{
    /// <summary>The end that connects.</summary>
    Client = 1,

    /// <summary>The end that listens.</summary>
    Server = 2,
}

/// <summary>The object identifiers of extended key usages, RFC 5280, section 4.2.1.12.</summary>
internal static class CertificatePurposes
{
    /// <summary>The usage of a purpose.</summary>
    public static Oid Usage(this CertificatePurpose purpose) => new(purpose == CertificatePurpose.Server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2");
}
