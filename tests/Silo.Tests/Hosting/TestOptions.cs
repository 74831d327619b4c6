using System.Net;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Hosting.Storage;

namespace OrleansEdge.Silo.Tests.Hosting;

/// <summary>The options of a site of which only a part runs.</summary>
internal static class TestOptions
{
    /// <param name="name">The site.</param>
    /// <param name="store">A folder.</param>
    public static SiteOptions Of(string name, string store) => new()
    {
        Name = SiteName.Parse(name),
        Url = new("http://127.0.0.1:1"),
        Address = IPAddress.Loopback,
        Listen = IPAddress.Loopback,
        ListenUrl = "http://127.0.0.1:1",
        SiloPort = 1,
        GatewayPort = 1,
        Store = StoreLocation.Parse(store),
    };
}
