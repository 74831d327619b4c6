using Microsoft.AspNetCore.Connections;
using OrleansEdge.Silo.Hosting.Limits;

namespace OrleansEdge.Silo.Hosting;

/// <summary>What the HTTP port puts up with from everyone, before anybody has said who it is.</summary>
internal static class HttpLimits
{
    /// <summary>An address that takes more raises this itself, once it knows who asks.</summary>
    private const long LongestBody = 1 << 20;

    private const int LongestHeaders = 16 << 10;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Sets the limits; comes before all that listens, encryption included.</summary>
    public static void LimitHttp(this WebApplicationBuilder builder)
    {
        var connections = builder.Configuration.GetSection(GatewayLimitOptions.Section).Get<GatewayLimitOptions>()?.Connections ?? new GatewayLimitOptions().Connections;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = connections;
            kestrel.Limits.MaxRequestBodySize = LongestBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = LongestHeaders;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = IdleTimeout;

            // Kestrel's own limit is for all together, so that one address could take everything.
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(
                next => connection => kestrel.ApplicationServices.GetRequiredService<PortLimits>().Http.OnConnectionAsync(connection, next)));
        });
    }
}
