using System.Net;
using Microsoft.AspNetCore.Connections;

namespace OrleansEdge.Contracts.Security.Transport;

/// <summary>Decides, at the end that listens, who may go on, and is told who may not.</summary>
public interface IPeerGate
{
    /// <summary>
    /// Takes a connection into account before it is decided on, so that a revocation at the same moment does not miss it.
    /// </summary>
    /// <returns>Disposed of when the connection has ended.</returns>
    IDisposable Enter(PeerCertificate peer, ConnectionContext connection);

    /// <summary>Why a holder of a valid certificate may not go on, in a sentence that begins in lower case; null to admit.</summary>
    string? Refuse(PeerCertificate peer);

    /// <summary>Somebody was refused.</summary>
    /// <param name="from">From where; null where that is not known.</param>
    /// <param name="peer">Who; null where no valid certificate says so.</param>
    /// <param name="sentence">Why.</param>
    void OnRefused(EndPoint? from, PeerCertificate? peer, string sentence);
}
