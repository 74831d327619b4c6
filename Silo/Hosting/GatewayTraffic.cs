using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using OrleansEdge.Contracts.Telemetry;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Counts the bytes on the wire between this silo's gateway and its participants, since the process started.</summary>
internal sealed class GatewayTraffic
{
    private readonly ByteMeter _meter = new();

    /// <summary>Begins to count, and offers the counts as metrics.</summary>
    public GatewayTraffic(TimeProvider time)
    {
        StartedAt = time.GetUtcNow();
        OrleansEdgeTelemetry.Meter.CreateObservableCounter("orleansedge.gateway.bytes.up", () => BytesUp, "By");
        OrleansEdgeTelemetry.Meter.CreateObservableCounter("orleansedge.gateway.bytes.down", () => BytesDown, "By");
    }

    /// <summary>When the count began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Bytes from participants.</summary>
    public long BytesUp => _meter.Read;

    /// <summary>Bytes to participants.</summary>
    public long BytesDown => _meter.Written;

    /// <summary>Counts what goes through a connection.</summary>
    public Task Run(ConnectionContext connection, ConnectionDelegate next) => _meter.Run(connection, next);
}

/// <summary>Adds the count to a silo.</summary>
internal static class GatewayTrafficExtensions
{
    /// <summary>Counts every gateway connection.</summary>
    public static void CountGatewayTraffic(this ISiloBuilder silo) => silo.Services.AddOptions<SiloConnectionOptions>().Configure<GatewayTraffic>(
        (options, traffic) => options.ConfigureGatewayInboundConnection(connection => connection.Use(next => context => traffic.Run(context, next))));
}
