using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Grains.Enrolment;

/// <summary>What a site vouches with.</summary>
public interface IDeviceIssuer
{
    /// <summary>The site's full name.</summary>
    ParticipantId Site { get; }

    /// <summary>The federation's authorities, DER; the first one is what invitations pin.</summary>
    ImmutableArray<byte[]> Authorities { get; }

    /// <summary>The certificates between a device's and the authority, DER.</summary>
    ImmutableArray<byte[]> Intermediates { get; }

    /// <summary>The authority that invitations pin.</summary>
    Thumbprint Pin { get; }

    /// <summary>Issues a device's certificate.</summary>
    X509Certificate2 Issue(ParticipantId participant, PublicKey key, DateTimeOffset now, TimeSpan lifetime);

    /// <summary>Issues the certificate with which a site below this one vouches for its own.</summary>
    X509Certificate2 IssueSite(ParticipantId participant, PublicKey key, DateTimeOffset now);
}
