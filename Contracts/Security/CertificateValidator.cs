using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Contracts.Security;

/// <summary>Says whether a certificate is one of this federation's: nothing but its own authorities is trusted, whatever the machine trusts.</summary>
public static class CertificateValidator
{
    /// <summary>How many certificates of the other end are looked at.</summary>
    private const int LongestChain = 8;

    /// <summary>How much is repeated of what a stranger has written into a certificate, in characters.</summary>
    private const int LongestSubject = 100;

    private const X509ChainStatusFlags OtherNames = X509ChainStatusFlags.HasNotPermittedNameConstraint | X509ChainStatusFlags.HasExcludedNameConstraint;

    /// <summary>Looks at a certificate.</summary>
    /// <param name="certificate">What the other end has shown; null when it has shown nothing.</param>
    /// <param name="intermediates">Certificates between it and the authority, as far as they are known.</param>
    /// <param name="authorities">The federation's authorities.</param>
    /// <param name="purpose">Which end it is for; null for one that issues others.</param>
    /// <param name="now">The time at which it must be valid; null where it may have expired.</param>
    public static CertificateVerdict Judge(
        X509Certificate2? certificate, IEnumerable<X509Certificate2> intermediates, X509Certificate2Collection authorities, CertificatePurpose? purpose,
        DateTimeOffset? now)
    {
        if (certificate is null)
        {
            return CertificateVerdict.Refuse("no certificate was shown, and this site speaks to nobody without one: enrol with an invitation of the site");
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(intermediates.Take(LongestChain).ToArray());
        if (purpose is { } end)
        {
            chain.ChainPolicy.ApplicationPolicy.Add(end.Usage());
        }

        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now?.UtcDateTime ?? certificate.NotBefore;
        chain.ChainPolicy.VerificationFlags = now is null ? X509VerificationFlags.IgnoreNotTimeValid : X509VerificationFlags.NoFlag;
        var isValid = chain.Build(certificate);
        try
        {
            var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, next) => flags | next.Status);
            var names = isValid || (status & OtherNames) != 0 ? ReadNames(chain) : null;
            return isValid ? names! : CertificateVerdict.Refuse(names?.Refusal ?? Explain(status, certificate, purpose, now));
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    /// <summary>The identity that a certificate names; null where it names none, or several.</summary>
    public static CertificateIdentity? IdentityOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(SubjectNames.Uris).ToList();
            return names is [var name] ? CertificateIdentity.Parse(name) : null;
        }
        catch (Exception exception) when (exception is FormatException or System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Each one between the holder and the authority must be a site that may vouch for what follows.</summary>
    private static CertificateVerdict ReadNames(X509Chain chain)
    {
        var holder = chain.ChainElements[0].Certificate;
        CertificateIdentity? identity = null;
        for (var index = chain.ChainElements.Count - 2; index >= 0; index--)
        {
            if (IdentityOf(chain.ChainElements[index].Certificate) is not { } next)
            {
                return CertificateVerdict.Refuse($"the certificate '{SubjectOf(holder)}' does not name its holder as OrleansEdge does");
            }

            if (identity is null ? next.Role != CertificateRole.Site : !next.MayBeIssuedBy(identity))
            {
                return CertificateVerdict.Refuse(identity is null
                    ? $"the certificate of '{next.Name}' was not issued by a site"
                    : $"the certificate of '{next.Name}' was issued by the site '{identity.Name}', which may not vouch for that name");
            }

            identity = next;
        }

        return identity is null
            ? CertificateVerdict.Refuse("the certificate is the authority's own, which speaks to nobody")
            : CertificateVerdict.Accept(new(identity, Thumbprint.Of(holder), KeyFingerprint.Of(holder), new(holder.NotAfter.ToUniversalTime())));
    }

    private static string Explain(X509ChainStatusFlags status, X509Certificate2 certificate, CertificatePurpose? purpose, DateTimeOffset? now)
    {
        var name = IdentityOf(certificate) is { } identity ? identity.Name.Value : SubjectOf(certificate);
        if (status.HasFlag(X509ChainStatusFlags.PartialChain) || status.HasFlag(X509ChainStatusFlags.UntrustedRoot))
        {
            return $"the certificate of '{name}' is not of this federation: another authority issued it";
        }

        if (now is { } time && status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return time > new DateTimeOffset(certificate.NotBefore.ToUniversalTime())
                ? $"the certificate of '{name}', or one that it rests on, has expired (its own end is {Text(certificate.NotAfter)}, and here it is past {Hour(time)})"
                : $"the certificate of '{name}' is valid from {Text(certificate.NotBefore)} on, and here it is past {Hour(time)}: set the clocks right";
        }

        return status.HasFlag(X509ChainStatusFlags.NotValidForUsage)
            ? $"the certificate of '{name}' is not for the end that {(purpose == CertificatePurpose.Server ? "listens" : "connects")}"
            : $"the certificate of '{name}' is not valid ({status})";
    }

    private static string SubjectOf(X509Certificate2 certificate) => PrintableText.Clean(certificate.Subject, LongestSubject);

    /// <summary>No finer than that: sentences that are the same are counted together where they are kept.</summary>
    private static string Hour(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:00Z", CultureInfo.InvariantCulture);

    private static string Text(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
