using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.Contracts.Security;

/// <summary>Says whether a participant may run a network: its own site, or one above it, must have signed it.</summary>
public static class ModelSignatureValidator
{
    private const int ValueLength = 64;

    /// <summary>A site that is as far below the authority as certificates are looked at at all.</summary>
    private const int LongestChain = 8;

    /// <summary>Names of the greatest length, and a signature of a large RSA key, fit in.</summary>
    private const int LongestCertificate = 4096;

    /// <summary>Looks at a network. Nothing here is secret, so nothing takes care to be compared in constant time.</summary>
    /// <param name="source">The network; a built-in one needs no signature.</param>
    /// <param name="site">The full name of the participant's site.</param>
    /// <param name="authorities">The federation's authorities, as the participant knows them.</param>
    /// <returns>Why the network is not to be run, as a sentence for a person; null when it may be.</returns>
    public static string? Refuse(ModelSource source, ParticipantId site, X509Certificate2Collection authorities)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.TorchScript is not { } network)
        {
            return null;
        }

        var problem = source.Signature is { } signature ? Read(signature, chain => Judge(network, signature.Value, chain, site, authorities)) : "it bears no signature";
        return problem is null
            ? null
            : $"the network '{source.Architecture}' is not signed by the site '{site}' or one above it ({problem}): submit the file there, in a new job.";
    }

    private static string? Read(ModelSignature signature, Func<IReadOnlyList<X509Certificate2>, string?> judge)
    {
        if (!HasUsualSize(signature))
        {
            return "its signature is damaged";
        }

        var chain = new List<X509Certificate2>(signature.Chain.Length);
        try
        {
            foreach (var certificate in signature.Chain)
            {
                chain.Add(X509CertificateLoader.LoadCertificate(certificate));
            }

            return judge(chain);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or NotSupportedException)
        {
            return "its signature is damaged";
        }
        finally
        {
            chain.ForEach(certificate => certificate.Dispose());
        }
    }

    /// <summary>Before anything is read, so that what comes from outside takes no more memory than this.</summary>
    private static bool HasUsualSize(ModelSignature signature) => signature.Value is { Length: ValueLength } && !signature.Chain.IsDefault
        && signature.Chain.Length is > 0 and <= LongestChain && signature.Chain.All(certificate => certificate is { Length: > 0 and <= LongestCertificate });

    private static string? Judge(
        ContentHash network, byte[] value, IReadOnlyList<X509Certificate2> chain, ParticipantId site, X509Certificate2Collection authorities)
    {
        // That the signer's certificate has expired since does not matter: a site gets a new one every two years, for the same key, and a network that
        // was submitted before that is still the one that was submitted. A key that somebody else may know takes a new authority, not a date.
        var verdict = CertificateValidator.Judge(chain[0], chain.Skip(1), authorities, purpose: null, now: null);
        if (verdict.Peer?.Identity is not { } signer)
        {
            return verdict.Refusal;
        }

        if (signer.Role != CertificateRole.Site)
        {
            return $"'{signer}' has signed it, and only sites may";
        }

        if (site != signer.Name && !site.Value.StartsWith($"{signer.Name}/", StringComparison.Ordinal))
        {
            return $"the site '{signer.Name}' has signed it";
        }

        using var key = chain[0].GetECDsaPublicKey();
        return key is not null && CertificateIssuer.IsUsual(key) && key.VerifyData(ModelSigner.TextOf(signer.Name, network), value, ModelSigner.Hash, ModelSigner.Format)
            ? null
            : "its signature is of another network, or by another key";
    }
}
