using Microsoft.Extensions.Configuration;
using Orleans.Hosting;
using Orleans.Providers;
using OrleansEdge.Grains.Storage.Hosting;
using OrleansEdge.Grains.Storage.Providers;

[assembly: RegisterProvider(BlobGrainStorageProviderBuilder.ProviderType, "GrainStorage", "Silo", typeof(BlobGrainStorageProviderBuilder))]

namespace OrleansEdge.Grains.Storage.Providers;

/// <summary>Makes the provider known to configuration: <c>Orleans:GrainStorage:NAME:ProviderType=Blob</c>.</summary>
internal sealed class BlobGrainStorageProviderBuilder : IProviderBuilder<ISiloBuilder>
{
    internal const string ProviderType = "Blob";

    public void Configure(ISiloBuilder builder, string? name, IConfigurationSection configurationSection) =>
        builder.AddBlobGrainStorage(
            name ?? throw new InvalidOperationException("A grain storage in the configuration needs a name."),
            options => configurationSection.Bind(options));
}
