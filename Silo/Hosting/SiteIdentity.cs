using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Silo.Identity;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Who may speak to a site.</summary>
internal static class SiteIdentity
{
    /// <summary>Adds the audit log, and what knows participants and operators.</summary>
    public static void AddIdentity(this WebApplicationBuilder builder, SiteOptions options)
    {
        builder.Services.AddSingleton<IAuditAnchor, AuditAnchorFile>();
        builder.Services.AddAudit();
        builder.Services.AddSingleton<FleetPlaces>();
        builder.Services.AddSettings<IdentityOptions>(builder.Configuration, IdentityOptions.Section)
            .Configure(identity => identity.Site = options.Name)
            .Validate(
                identity => identity.TokenLifetime >= IdentityOptions.ShortestLifetime && identity.TokenLifetime <= IdentityOptions.LongestLifetime,
                $"{IdentityOptions.Section}:{nameof(IdentityOptions.TokenLifetime)} is from {IdentityOptions.ShortestLifetime} to {IdentityOptions.LongestLifetime:d\\.hh\\:mm\\:ss}: give it as hours:minutes:seconds.");
        builder.AddOperatorAccess();
    }
}
