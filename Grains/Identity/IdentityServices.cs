using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansEdge.Grains.Identity;

/// <summary>Puts a guard before all that a silo can be asked.</summary>
public static class IdentityServices
{
    /// <summary>
    /// Refuses every call whose caller does not prove that it may make it, and signs what the silo itself calls. Needs a blob store and
    /// <see cref="Audit.AuditServices.AddAudit"/>. Filters that are added later see only calls that were let through.
    /// </summary>
    public static ISiloBuilder GuardCalls(this ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddOptions<IdentityOptions>();
        silo.Services.TryAddSingleton<IEnrolledCertificates, NoCertificates>();
        silo.Services.TryAddSingleton<ICallOrigins, NoCallOrigins>();
        silo.Services.AddSingleton<SiteKeys>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiteKeys>());
        silo.Services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<SiteKeys>());
        silo.Services.AddSingleton(provider => new AccessTokens(
            provider.GetRequiredService<SiteKeys>(), provider.GetRequiredService<IOptions<IdentityOptions>>(), provider.GetRequiredService<TimeProvider>()));
        silo.AddIncomingGrainCallFilter<CallGuard>();
        return silo.AddOutgoingGrainCallFilter<CallSigner>();
    }
}
