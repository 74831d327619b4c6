using Orleans.Runtime;

namespace OrleansEdge.Grains.Storage.Providers;

/// <summary>Refuses options that cannot work, when the silo starts.</summary>
internal sealed class BlobGrainStorageOptionsValidator(BlobGrainStorageOptions options, string name) : IConfigurationValidator
{
    public void ValidateConfiguration()
    {
        if (!BlobName.IsContainer(options.ContainerName))
        {
            throw new OrleansConfigurationException(
                $"The grain storage '{name}' has the container name '{options.ContainerName}': use 3 to 63 lower-case letters, digits and single hyphens.");
        }

        if (options.GrainStorageSerializer is null)
        {
            throw new OrleansConfigurationException($"The grain storage '{name}' has no serializer: set {nameof(options.GrainStorageSerializer)}.");
        }
    }
}
