using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Files;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>The site's signature of networks. A site without certificates has none, and asks for none.</summary>
/// <param name="certificates">The site's certificates; null where there are none.</param>
internal sealed class ModelSigning(SiteCertificates? certificates)
{
    /// <summary>Signs a network that an operator has submitted.</summary>
    /// <param name="network">The hash of its TorchScript file.</param>
    /// <exception cref="CertificateException">The site's key is of another kind.</exception>
    public ModelSignature? Sign(ContentHash network) => certificates?.Sign(network);

    /// <summary>
    /// Looks at a network that is in the store already. It is not signed anew: whoever can write to the store may have put it there.
    /// </summary>
    /// <returns>Why the site's devices will not run it, as a sentence for a person; null when they will.</returns>
    public string? Refuse(ModelSource source) =>
        certificates is null ? null : ModelSignatureValidator.Refuse(source, certificates.Site, certificates.Credentials.Authorities);
}
