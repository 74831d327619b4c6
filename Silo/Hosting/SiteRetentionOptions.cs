using Microsoft.Extensions.Options;
using OrleansEdge.Grains.Retention;

namespace OrleansEdge.Silo.Hosting;

/// <summary>Reads what the site keeps.</summary>
internal static class SiteRetentionOptions
{
    /// <summary>Takes the section <see cref="RetentionOptions.Section"/> of the configuration.</summary>
    /// <exception cref="FormatException">Something in it cannot be meant.</exception>
    public static void AddRetention(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton(Options.Create(Read(builder.Configuration)));

    internal static RetentionOptions Read(IConfiguration configuration)
    {
        var options = new RetentionOptions();
        try
        {
            configuration.GetSection(RetentionOptions.Section).Bind(options);
        }
        catch (InvalidOperationException exception)
        {
            // The binder's message names the key and the value.
            throw new FormatException($"the configuration of what the site keeps cannot be read: {exception.Message}", exception);
        }

        options.Require();
        return options;
    }
}
