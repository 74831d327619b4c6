using Orleans.Storage;

namespace OrleansEdge.Grains.Storage.Providers;

/// <summary>How grain state lies in a blob store. The defaults are the layout of Microsoft.Orleans.Persistence.AzureStorage.</summary>
public sealed class BlobGrainStorageOptions : IStorageProviderSerializerOptions
{
    /// <summary>The default of <see cref="ContainerName"/>.</summary>
    public const string DefaultContainerName = "grainstate";

    /// <summary>The container of all states; default <c>grainstate</c>.</summary>
    public string ContainerName { get; set; } = DefaultContainerName;

    /// <summary>
    /// Whether clearing a state deletes its blob (the default); otherwise the blob stays, empty, and its ETag goes on guarding the state.
    /// </summary>
    public bool DeleteStateOnClear { get; set; } = true;

    /// <summary>Where the states lie; default null: the store that is registered under the provider's name, or else the one without a key.</summary>
    public IBlobStore? BlobStore { get; set; }

    /// <summary>The serializer; default <see cref="Json.StateJsonSerializer"/>.</summary>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = new Json.StateJsonSerializer();
}
