using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Storage;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Grains.Storage.Providers;

[assembly: RegisterProvider(BlobGrainStorageProviderBuilder.ProviderType, "GrainStorage", "Silo", typeof(BlobGrainStorageProviderBuilder))]

namespace OrleansEdge.Grains.Storage.Providers;

/// <summary>
/// Makes the provider known to configuration: <c>Orleans:GrainStorage:NAME:ProviderType=Blob</c>, and beside it the options by their names,
/// <c>ServiceKey</c> for a store and <c>SerializerKey</c> for a serializer that are registered under a key.
/// </summary>
internal sealed class BlobGrainStorageProviderBuilder : IProviderBuilder<ISiloBuilder>
{
    internal const string ProviderType = "Blob";

    public void Configure(ISiloBuilder builder, string? name, IConfigurationSection configurationSection) =>
        builder.AddBlobGrainStorage(
            name ?? throw new InvalidOperationException("A grain storage in the configuration needs a name."),
            (OptionsBuilder<BlobGrainStorageOptions> options) => options.Configure<IServiceProvider>((bound, services) =>
            {
                configurationSection.Bind(bound);
                if (configurationSection["ServiceKey"] is { Length: > 0 } store)
                {
                    bound.BlobStore = services.GetRequiredKeyedService<IBlobStore>(store);
                }

                if (configurationSection["SerializerKey"] is { Length: > 0 } serializer)
                {
                    bound.GrainStorageSerializer = services.GetRequiredKeyedService<IGrainStorageSerializer>(serializer);
                }
            }));
}
