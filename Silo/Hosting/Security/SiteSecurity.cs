using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Identity;

namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>Adds what protects a site.</summary>
internal static class SiteSecurity
{
    /// <summary>Adds certificates and enrolment, or nothing but a reminder where there are none.</summary>
    public static void AddSecurity(this WebApplicationBuilder builder, SiteOptions options, SiteCertificates? certificates)
    {
        builder.Services.AddSingleton(new ModelSigning(certificates));
        if (certificates is null)
        {
            builder.WebHost.UseUrls(options.ListenUrl);
            if (options.IsInsecure)
            {
                builder.Services.AddHostedService<InsecureReminder>();
            }

            return;
        }

        builder.Services.AddSingleton(certificates);
        builder.Services.AddSingleton<IDeviceIssuer>(certificates);
        builder.Services.AddSingleton<EnrolmentRecords>();
        builder.Services.AddSingleton<RevocationList>();
        builder.Services.AddSingleton<EnrolmentBook>();
        builder.Services.AddSettings<EnrolmentOptions>(builder.Configuration, EnrolmentOptions.Section);
        builder.Services.AddSingleton<LiveConnections>();
        builder.Services.AddSingleton<RecentPeers>();
        builder.Services.AddSingleton<IEnrolledCertificates>(provider => new EnrolledCertificates(
            certificates.Site, provider.GetRequiredService<RecentPeers>(), provider.GetRequiredService<RevocationList>(),
            provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<RefusalLog>();
        builder.Services.AddSingleton<EnrolmentEndpoints.Desk>();
        builder.Services.AddHostedService<SecurityUpkeep>();
        if (ParentSite.IsThere(options.Certificates!))
        {
            builder.Services.AddSingleton(provider => ParentSite.Open(
                options.Certificates!, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ParentSite>>()));
            builder.Services.AddHostedService<ParentRenewal>();
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options, certificates, TimeProvider.System));
    }

    /// <summary>Identifies who asks, and keeps strangers out.</summary>
    public static void UseSecurity(this WebApplication app, SiteCertificates? certificates)
    {
        if (certificates is not null)
        {
            app.UseMiddleware<PeerIdentification>();
            app.MapEnrolment();
        }
    }
}
