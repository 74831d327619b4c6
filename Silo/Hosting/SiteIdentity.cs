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
        builder.Services.Configure<IdentityOptions>(identity => identity.Site = options.Name);
        builder.AddOperatorAccess();
    }
}
