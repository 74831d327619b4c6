using Orleans.Configuration;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.EdgeAgent.Connection;

/// <summary>What is to go wrong with an agent's connections, under test.</summary>
internal static class ConnectionFaults
{
    /// <summary>Arms the network.</summary>
    public static void AddNetworkFaults(this IClientBuilder client, ProcessFaults faults) => client.Configure<ClientConnectionOptions>(options =>
    {
        if (faults.Cut is { } cut)
        {
            options.ConfigureConnection(connection => connection.UseMiddleware(cut));
        }

        if (faults.Links is { } links)
        {
            options.ConfigureConnection(connection => connection.UseMiddleware(links));
        }
    });
}
