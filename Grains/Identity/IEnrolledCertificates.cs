using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Grains.Identity;

/// <summary>
/// Whose certificates are in force. Only those are asked for that the connection has found valid.
/// </summary>
public interface IEnrolledCertificates
{
    /// <summary>Whether who speaks must have a certificate. False on loopback without one: there a participant proves itself by its instance key.</summary>
    bool AreRequired { get; }

    /// <summary>The participant whose certificate it is; null if it is nobody's, or not in force.</summary>
    ValueTask<ParticipantId?> FindParticipant(Thumbprint certificate, CancellationToken cancellation);

    /// <summary>The name of the operator whose certificate it is; null if it is nobody's, or not in force.</summary>
    ValueTask<string?> FindOperator(Thumbprint certificate, CancellationToken cancellation);

    /// <summary>Whether a certificate is not to be used any more. Asked at each call, so it answers from memory.</summary>
    bool IsRevoked(Thumbprint certificate);
}

/// <summary>There are no certificates.</summary>
internal sealed class NoCertificates : IEnrolledCertificates
{
    /// <inheritdoc/>
    public bool AreRequired => false;

    /// <inheritdoc/>
    public ValueTask<ParticipantId?> FindParticipant(Thumbprint certificate, CancellationToken cancellation) => default;

    /// <inheritdoc/>
    public ValueTask<string?> FindOperator(Thumbprint certificate, CancellationToken cancellation) => default;

    /// <inheritdoc/>
    public bool IsRevoked(Thumbprint certificate) => false;
}
