using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Participation.Security;

/// <summary>Whose networks a participant runs, or passes on to its own.</summary>
/// <param name="credentials">What it has of its site; null where that has no certificates, and signs nothing.</param>
internal sealed class ModelTrust(DeviceCredentials? credentials)
{
    /// <summary>Makes sure that a network may be run, before anything of it is fetched.</summary>
    /// <exception cref="UntrustedModelException">It may not.</exception>
    public void Require(ModelSource source)
    {
        if (credentials is not null && ModelSignatureValidator.Refuse(source, credentials.Site, credentials.Current.Authorities) is { } refusal)
        {
            throw new UntrustedModelException(refusal);
        }
    }
}

/// <summary>Nobody whom a participant trusts stands behind a network. The message is one sentence for a person.</summary>
internal sealed class UntrustedModelException(string message) : Exception(message);
