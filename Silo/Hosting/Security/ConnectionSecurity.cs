using Orleans.Configuration;
using OrleansEdge.Contracts.Security;
using OrleansEdge.Contracts.Security.Transport;
using OrleansEdge.Grains.Enrolment;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>Secures a silo's connections to participants and to the site's other silos.</summary>
internal static class ConnectionSecurity
{
    /// <summary>Adds TLS to all of them. What is added to a connection before this sees what is on the wire; what is added after sees messages.</summary>
    public static void SecureConnections(this ISiloBuilder silo) => silo.Services.AddOptions<SiloConnectionOptions>()
        .Configure<SiteCertificates, RevocationList, LiveConnections, RefusalLog, TimeProvider>((options, certificates, revocations, connections, log, time) =>
        {
            var gateway = Listen("gateway", [CertificateRole.Device]);
            var silos = Listen("port for silos", [CertificateRole.Silo]);
            var outbound = new TlsClient(
                () => certificates.Credentials, certificates.Site.Value, sentence => log.Refused("another silo", null, certificates.Site, sentence), time);
            options.ConfigureGatewayInboundConnection(connection => connection.UseMiddleware(gateway));
            options.ConfigureSiloInboundConnection(connection => connection.UseMiddleware(silos));
            options.ConfigureSiloOutboundConnection(connection => connection.UseMiddleware(outbound));

            TlsServer Listen(string port, CertificateRole[] roles) => new(
                () => certificates.Credentials, new PeerGate(port, [.. roles], certificates, revocations, connections, log), time);
        });
}
