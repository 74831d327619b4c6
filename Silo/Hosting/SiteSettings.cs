using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace OrleansEdge.Silo.Hosting;

/// <summary>A site's settings: sections of the configuration, each with its options.</summary>
internal static class SiteSettings
{
    /// <summary>Adds the options of a section, which are read, and found fit or not, before the site starts.</summary>
    /// <param name="services">The site's container.</param>
    /// <param name="configuration">The site's configuration.</param>
    /// <param name="section">The section's name.</param>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class => services.AddOptions<T>().Bind(configuration.GetSection(section)).ValidateOnStart();

    /// <summary>Reads all of them, and those of Orleans. The host does so itself, but with a page of its own innards in the log.</summary>
    /// <exception cref="OptionsValidationException">A setting cannot be meant.</exception>
    /// <exception cref="OrleansConfigurationException">A setting of Orleans cannot be meant.</exception>
    /// <exception cref="InvalidOperationException">A setting cannot be read.</exception>
    public static void RequireSettings(this WebApplication app)
    {
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        foreach (var validator in app.Services.GetServices<IConfigurationValidator>())
        {
            validator.ValidateConfiguration();
        }
    }
}
