using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;
using OrleansEdge.Grains.Storage.Providers;

namespace OrleansEdge.Grains.Storage.Hosting;

/// <summary>Grain state on the site's blob store.</summary>
public static class BlobGrainStorageSiloBuilderExtensions
{
    /// <summary>
    /// Adds a grain storage named <paramref name="name"/> on the <see cref="IBlobStore"/> of the options, or else on the one that is registered
    /// under the same key, or else without a key.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The name that grains give for their state.</param>
    /// <param name="configure">Changes the options; null: the defaults.</param>
    public static ISiloBuilder AddBlobGrainStorage(this ISiloBuilder builder, string name, Action<BlobGrainStorageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddBlobGrainStorage(name, configure);
        return builder;
    }

    /// <inheritdoc cref="AddBlobGrainStorage(ISiloBuilder, string, Action{BlobGrainStorageOptions}?)"/>
    public static ISiloBuilder AddBlobGrainStorage(this ISiloBuilder builder, string name, Action<OptionsBuilder<BlobGrainStorageOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddBlobGrainStorage(name, configure);
        return builder;
    }

    /// <inheritdoc cref="AddBlobGrainStorage(ISiloBuilder, string, Action{BlobGrainStorageOptions}?)"/>
    public static IServiceCollection AddBlobGrainStorage(
        this IServiceCollection services, string name, Action<BlobGrainStorageOptions>? configure = null) =>
        services.AddBlobGrainStorage(name, (OptionsBuilder<BlobGrainStorageOptions> options) => options.Configure(bound => configure?.Invoke(bound)));

    /// <inheritdoc cref="AddBlobGrainStorage(ISiloBuilder, string, Action{BlobGrainStorageOptions}?)"/>
    public static IServiceCollection AddBlobGrainStorage(
        this IServiceCollection services, string name, Action<OptionsBuilder<BlobGrainStorageOptions>> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        configure(services.AddOptions<BlobGrainStorageOptions>(name));
        services.AddTransient<IConfigurationValidator>(provider => new BlobGrainStorageOptionsValidator(Options(provider, name), name));
        return services.AddGrainStorage(name, (provider, key) => new BlobGrainStorage(
            Options(provider, key).BlobStore ?? provider.GetKeyedService<IBlobStore>(key) ?? provider.GetRequiredService<IBlobStore>(),
            Options(provider, key),
            provider.GetRequiredService<IActivatorProvider>()));
    }

    private static BlobGrainStorageOptions Options(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<BlobGrainStorageOptions>>().Get(name);
}
