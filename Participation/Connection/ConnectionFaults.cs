using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Security.Transport;

namespace OrleansEdge.Participation.Connection;

/// <summary>How an agent's connections are secured, and what is to go wrong with them under test.</summary>
internal static class ConnectionFaults
{
    /// <summary>
    /// Secures the connections, and arms the network: the cut takes handshakes, too; what happens to messages happens inside, where they can be
    /// told apart.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="faults">What is to go wrong.</param>
    /// <param name="security">Secures a connection; null for a site in clear.</param>
    /// <param name="observer">Sees what is on the wire; null for nobody.</param>
    public static void AddNetworkFaults(this IClientBuilder client, ProcessFaults faults, TlsClient? security,
        IConnectionObserver? observer = null) => client.Configure<ClientConnectionOptions>(options =>
    {
        if (observer is not null)
        {
            options.ConfigureConnection(observer.Observe);
        }

        if (faults.Cut is { } cut)
        {
            options.ConfigureConnection(connection => connection.UseMiddleware(cut));
        }

        if (security is not null)
        {
            options.ConfigureConnection(connection => connection.UseMiddleware(security));
        }

        if (faults.Links is { } links)
        {
            options.ConfigureConnection(connection => connection.UseMiddleware(links));
        }
    });
}
