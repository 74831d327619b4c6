using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Identity;

/// <summary>
/// Whose certificates are in force. A certificate is named by its thumbprint: the SHA-256 of its bytes, in lower-case hexadecimal. Only those are
/// asked for that the connection has found valid.
/// </summary>
public interface IEnrolledCertificates
{
    /// <summary>Whether who speaks must have a certificate. False on loopback without one: there a participant proves itself by its instance key.</summary>
    bool AreRequired { get; }

    /// <summary>The participant whose certificate it is; null if it is nobody's, or not in force.</summary>
    ValueTask<ParticipantId?> FindParticipant(string thumbprint, CancellationToken cancellation);

    /// <summary>The name of the operator whose certificate it is; null if it is nobody's, or not in force.</summary>
    ValueTask<string?> FindOperator(string thumbprint, CancellationToken cancellation);

    /// <summary>Whether a certificate is not to be used any more. Asked at each call, so it answers from memory.</summary>
    bool IsRevoked(string thumbprint);
}

/// <summary>There are no certificates.</summary>
internal sealed class NoCertificates : IEnrolledCertificates
{
    /// <inheritdoc/>
    public bool AreRequired => false;

    /// <inheritdoc/>
    public ValueTask<ParticipantId?> FindParticipant(string thumbprint, CancellationToken cancellation) => default;

    /// <inheritdoc/>
    public ValueTask<string?> FindOperator(string thumbprint, CancellationToken cancellation) => default;

    /// <inheritdoc/>
    public bool IsRevoked(string thumbprint) => false;
}
