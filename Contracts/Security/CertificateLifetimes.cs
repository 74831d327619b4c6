using System.Security.Cryptography.X509Certificates;

namespace OrleansEdge.Contracts.Security;

/// <summary>How long certificates are valid, and when they are renewed.</summary>
public static class CertificateLifetimes
{
    /// <summary>Of the federation's authority.</summary>
    public static readonly TimeSpan Authority = TimeSpan.FromDays(3650);

    /// <summary>Of a site.</summary>
    public static readonly TimeSpan Site = TimeSpan.FromDays(730);

    /// <summary>Of an operator.</summary>
    public static readonly TimeSpan Operator = TimeSpan.FromDays(365);

    /// <summary>Of a silo, which makes its own at start and again in time.</summary>
    public static readonly TimeSpan Silo = TimeSpan.FromDays(7);

    /// <summary>How far clocks may differ: a certificate is valid from this long before it was issued.</summary>
    public static readonly TimeSpan ClockDifference = TimeSpan.FromHours(1);

    /// <inheritdoc cref="RenewalOf(DateTimeOffset, DateTimeOffset)"/>
    public static DateTimeOffset RenewalOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return RenewalOf(new(certificate.NotBefore.ToUniversalTime()), new(certificate.NotAfter.ToUniversalTime()));
    }

    /// <summary>When a certificate is to be renewed: with a third of its time left.</summary>
    public static DateTimeOffset RenewalOf(DateTimeOffset issued, DateTimeOffset expires) => expires - ((expires - issued) / 3);
}
