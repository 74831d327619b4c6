using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Audit;

/// <summary>Adds the audit log to a silo's container.</summary>
public static class AuditServices
{
    /// <summary>Adds it; needs an <see cref="IBlobStore"/>.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton<IAuditAnchor, NoAuditAnchor>();
        services.AddSingleton(provider => new AuditStore(provider.GetRequiredService<IBlobStore>()));
        services.AddSingleton<AuditLog>();
        services.AddSingleton<IAuditLog>(provider => provider.GetRequiredService<AuditLog>());
        return services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<AuditLog>());
    }
}
