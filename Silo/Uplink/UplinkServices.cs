using OrleansEdge.Grains.Sites;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Silo.Uplink;

/// <summary>Makes a site a participant of its parent.</summary>
internal static class UplinkServices
{
    /// <summary>Adds the link, if the site has a parent. Before the silo, whose grains need it.</summary>
    public static void AddUplink(this IServiceCollection services, SiteOptions options)
    {
        if (options.Parents.Count > 0)
        {
            services.AddSingleton(provider => new ParentLink(options.Parents[0], provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IUplink, SiteUplink>();
        }
    }

    /// <summary>Keeps the link. After the silo: before it is active, no grain can be touched.</summary>
    public static void KeepUplink(this IServiceCollection services, SiteOptions options)
    {
        if (options.Parents.Count > 0)
        {
            services.AddHostedService<UplinkKeeper>();
        }
    }
}
