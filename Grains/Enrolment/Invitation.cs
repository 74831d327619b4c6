using System.Collections.Immutable;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Grains.Enrolment;

/// <summary>What a site keeps of an invitation. Not its secret: whoever reads the store cannot enrol.</summary>
public sealed record Invitation
{
    /// <summary>Which: 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The SHA-256 of the secret, in hexadecimal digits.</summary>
    public required string SecretHash { get; init; }

    /// <summary>The device that it is for; null for any, as many as <see cref="Count"/>.</summary>
    public ParticipantId? Participant { get; init; }

    /// <summary>How many devices it is for.</summary>
    public int Count { get; init; } = 1;

    /// <summary>A word that all devices of the invitation carry; null for none.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether an operator approves each device by hand.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Whether it is for a site, which takes part here and vouches for its own under this one; otherwise for devices.</summary>
    public bool IsForSite { get; init; }

    /// <summary>Whether it gives new hardware an identity that exists.</summary>
    public bool Replaces { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it can be used.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Who has used it.</summary>
    public ImmutableArray<InvitationUse> Uses { get; init; } = [];
}

/// <summary>One use of an invitation; the same again, by a device that has not heard the answer, is no further one.</summary>
/// <param name="Participant">Who.</param>
/// <param name="Key">With which key.</param>
/// <param name="SiteKey">The key with which a site will vouch for its own; null from a device.</param>
public sealed record InvitationUse(ParticipantId Participant, KeyFingerprint Key, KeyFingerprint? SiteKey = null);
