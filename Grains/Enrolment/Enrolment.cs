using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Grains.Enrolment;

/// <summary>How a device stands.</summary>
public enum EnrolmentPhase
{
    /// <summary>It waits for an operator's approval.</summary>
    Pending = 0,

    /// <summary>It may speak.</summary>
    InForce = 1,

    /// <summary>An operator has shut it out.</summary>
    Revoked = 2,
}

/// <summary>What a site keeps of a participant that has enrolled: a device, or a site below it.</summary>
public sealed record Enrolment
{
    /// <summary>The participant, by its id at this site.</summary>
    public required ParticipantId Participant { get; init; }

    /// <summary>The key that it enrolled with.</summary>
    public required KeyFingerprint Key { get; init; }

    /// <summary>How it stands.</summary>
    public required EnrolmentPhase Phase { get; init; }

    /// <summary>By which invitation.</summary>
    public required string Invitation { get; init; }

    /// <summary>The invitations by which hardware enrolled that has had the name before: they have served, and bring it back no more.</summary>
    public ImmutableArray<string> EarlierInvitations { get; init; } = [];

    /// <summary>The invitation's tag; null for none.</summary>
    public string? Tag { get; init; }

    /// <summary>When it asked.</summary>
    public required DateTimeOffset EnrolledAt { get; init; }

    /// <summary>Its last certificate, DER; null before its first.</summary>
    public byte[]? Certificate { get; init; }

    /// <summary>The certificates that have not expired, the last one at the end.</summary>
    public ImmutableArray<IssuedCertificate> Issued { get; init; } = [];

    /// <summary>The key with which it vouches for its own, where it is a site; null for a device.</summary>
    public KeyFingerprint? SiteKey { get; init; }

    /// <summary>The certificate for that key, DER; null for a device.</summary>
    public byte[]? SiteCertificate { get; init; }

    /// <summary>When its last certificate expires; null before its first.</summary>
    [JsonIgnore]
    public DateTimeOffset? Expires => Issued.IsEmpty ? null : Issued[^1].NotAfter;
}

/// <summary>How a participant stands after a request.</summary>
/// <param name="Enrolment">What the site keeps of it.</param>
/// <param name="IsNew">Whether the request has changed that; not so where it was a repetition, or came before its time.</param>
internal sealed record EnrolmentOutcome(Enrolment Enrolment, bool IsNew);

/// <summary>A certificate that was issued.</summary>
/// <param name="Thumbprint">Which.</param>
/// <param name="NotAfter">When it expires.</param>
public sealed record IssuedCertificate(Thumbprint Thumbprint, DateTimeOffset NotAfter);
