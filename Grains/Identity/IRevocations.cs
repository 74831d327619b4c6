namespace OrleansEdge.Grains.Identity;

/// <summary>Whom the site has shut out. Asked at each call, so it answers from memory.</summary>
public interface IRevocations
{
    /// <summary>Whether a certificate's key is not to be used any more.</summary>
    /// <param name="key">The SHA-256 of the public key, in hexadecimal.</param>
    bool IsRevoked(string key);
}

/// <summary>Nobody was shut out: a site without certificates.</summary>
internal sealed class NoRevocations : IRevocations
{
    /// <inheritdoc/>
    public bool IsRevoked(string key) => false;
}
