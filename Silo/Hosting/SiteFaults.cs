using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.Silo.Hosting;

/// <summary>What is to go wrong in a silo, under test.</summary>
internal static class SiteFaults
{
    /// <summary>Arms the points of a round, and the cut, which takes all connections. Before they are secured, so that it takes handshakes, too.</summary>
    public static void AddFaults(this WebApplicationBuilder builder, ProcessFaults faults)
    {
        builder.Services.AddSingleton(faults.Switch);
        if (faults.Cut is { } cut)
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
                listen => listen.Use(next => context => cut.OnConnectionAsync(context, next))));
            builder.Services.Configure<SiloConnectionOptions>(options =>
            {
                options.ConfigureGatewayInboundConnection(connection => connection.UseMiddleware(cut));
                options.ConfigureSiloInboundConnection(connection => connection.UseMiddleware(cut));
                options.ConfigureSiloOutboundConnection(connection => connection.UseMiddleware(cut));
            });
        }
    }

    /// <summary>
    /// Arms what is wrong with the connections that this silo opens to others. After they are secured: messages are told apart only there.
    /// </summary>
    public static void AddLinkFaults(this ISiloBuilder silo, ProcessFaults faults)
    {
        if (faults.Links is { } links)
        {
            silo.Configure<SiloConnectionOptions>(options => options.ConfigureSiloOutboundConnection(connection => connection.UseMiddleware(links)));
        }
    }
}
