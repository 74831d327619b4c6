using Microsoft.AspNetCore.Connections;

namespace OrleansEdge.Participation.Connection;

/// <summary>Sees how a connection to a site fares.</summary>
internal interface IConnectionObserver
{
    /// <summary>Adds what sees the bytes on the wire of each connection to a silo.</summary>
    void Observe(IConnectionBuilder connection);

    /// <summary>The site does not answer, and is asked again; called each time.</summary>
    /// <param name="reason">Why it does not.</param>
    void Waiting(string reason);
}
